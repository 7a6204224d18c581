// A real identity provider for the tests: the OpenID-certified oidc-provider, on loopback, in memory.
// It asks who is there by a form, and lets in whoever is among the accounts. Its first line tells its address.
//
//   node provider.mjs '{"client": {…}, "accounts": {"name": {"groups": […]}}}'
import http from "node:http";
import Provider from "oidc-provider";

const { client, accounts, port = 0 } = JSON.parse(process.argv[2]);

const server = http.createServer();
server.listen(port, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [client],
    claims: { openid: ["sub"], profile: ["preferred_username", "groups"] },
    conformIdTokenClaims: false,
    cookies: { keys: ["only for the tests"] },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: {
        logoutSource: (context, form) => {
          context.body = page(`${form}<button type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button>`);
        },
      },
    },
    findAccount: (_context, id) =>
      Object.hasOwn(accounts, id) ? { accountId: id, claims: () => ({ sub: id, ...accounts[id] }) } : undefined,
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    renderError: (context, out) => {
      context.body = page(`<p>${out.error}</p>`);
    },
    ttl: { Session: 600, Interaction: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
  });
  const answer = provider.callback();
  server.on("request", (request, response) => {
    const place = request.url.startsWith("/interaction/") ? interact(provider, request, response) : answer(request, response);
    Promise.resolve(place).catch((error) => {
      response.statusCode = 500;
      response.end(String(error));
    });
  });
  console.log(issuer);
});

async function interact(provider, request, response) {
  const details = await provider.interactionDetails(request, response);
  if (request.method === "POST") {
    let body = "";
    for await (const part of request) body += part;
    const accountId = new URLSearchParams(body).get("account");
    return provider.interactionFinished(request, response, { login: { accountId } });
  }
  if (details.prompt.name === "login") {
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    return response.end(page(`<form method="post"><input name="account"><button>Sign in</button></form>`));
  }
  const grant = details.grantId
    ? await provider.Grant.find(details.grantId)
    : new provider.Grant({ accountId: details.session.accountId, clientId: details.params.client_id });
  grant.addOIDCScope(details.params.scope);
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
}

function page(content) {
  return `<!DOCTYPE html><title>Provider</title>${content}`;
}
