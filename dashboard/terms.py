"""What the words of the interface mean, for who meets them the first time. Pure; proof-read as the page shows them."""

from __future__ import annotations

TERMS: tuple[tuple[str, str], ...] = (
    ("Aktiv SIP", "En plan som är upprättad och varken avslutad eller återkallad, för ett barn under 18 år."),
    (
        "Avvikelse",
        ("Något i samverkan som inte blev som det var överenskommet. Fler rapporter är inte sämre: risken är tystnad."),
    ),
    (
        "Bedömning",
        (
            "En fråga som människor svarar på med ja, till viss del eller nej, eller med en nivå 1–5, alltid "
            "med motivering. Presidiets och förvaltningens svar står bredvid varandra och räknas aldrig ihop."
        ),
    ),
    (
        "Bevakningsnivå",
        ("Den nivå där nämnden ska reagera på ett värde som en annan huvudman avgör. Nämnden har inget mål för det."),
    ),
    (
        "De sju stegen",
        (
            "Vägen för en SIP: kallelse, kartläggning, möte, aktivitetsuppföljning, utvärdering, uppföljning och "
            "avslut. Varje stapel är alla initiativ, delade efter vad som har hänt vid steget."
        ),
    ),
    (
        "Dold uppgift",
        (
            "Visas som två punkter (..). Uppgiften rör så få att någon skulle kunna kännas igen, eller så "
            "skulle en sådan kunna räknas ut. En dold uppgift är inte noll."
        ),
    ),
    (
        "Enhetsdiagram",
        (
            "Visar enheter eller kommuner bredvid varandra, i namnordning och aldrig rangordnade. Punkten är värdet "
            "och strecket genom den hur osäkert det är. Går strecken i varandra är skillnaden inte säker."
        ),
    ),
    (
        "Familjecentral",
        "Ett hus där mödravård, barnhälsovård, öppen förskola och socialtjänst arbetar tillsammans.",
    ),
    (
        "Flödesdiagram",
        (
            "Visar vem som hänvisar till vem. Till vänster står den som skickar, till höger den som tar emot; ju "
            "bredare band, desto fler ärenden."
        ),
    ),
    (
        "Få fall",
        (
            "Värdet bygger på så få fall att en enda händelse ändrar det mycket. Är de färre än nyckeltalets minsta "
            "antal, som står i definitionen, bedöms det inte mot målet. Nyckeltal om organisationen själv, som "
            "åtgärder och kontrollmoment, har inget minsta antal: där räknas varje händelse."
        ),
    ),
    (
        "Före och efter",
        (
            "Visar ett nyckeltal före och efter en åtgärd. Den tunna linjen är nivån före, den tjocka nivån efter. "
            "Ligger den tjocka utanför de prickade gränserna är skillnaden större än normal variation."
        ),
    ),
    (
        "Föreslaget mål",
        (
            "Ett mål som nämnden inte har beslutat om. Det visar vart förvaltningen tycker att man ska. Ett värde kan "
            "ligga utanför det, men det räknas inte som missat."
        ),
    ),
    ("Huvudman", "Den som ansvarar för en verksamhet: kommunen, regionen eller en privat utförare."),
    (
        "Intern kontrollplan",
        "Nämndens årliga beslut om vilka risker som ska kontrolleras, hur, hur ofta och av vem.",
    ),
    (
        "Kallelse",
        "Inbjudan till ett SIP-möte. Den ska säga varför mötet hålls och vilken fråga som ska besvaras.",
    ),
    (
        "Kontrollmoment",
        (
            "Det som görs för att kontrollera en risk i planen. Resultatet är utan anmärkning, mindre brist, "
            "allvarlig brist eller ej genomfört."
        ),
    ),
    (
        "Kontrollsumma",
        "Ett kort fingeravtryck av en text eller en uppgift. Ändras något så ändras kontrollsumman.",
    ),
    ("Leverans", "En fil eller ett svar som ett källsystem har lämnat. Den sparas krypterad som den kom."),
    (
        "Linjediagram",
        (
            "Visar ett värde över tid, från vänster till höger. En ihålig punkt har få fall. Linjen är bruten där "
            "uppgifter saknas."
        ),
    ),
    (
        "Matris",
        (
            "Varje rad är den som kallar, skickar eller rapporterar, varje kolumn den andra parten. Rutan där de möts "
            "visar talet för just de två; sist i raden och kolumnen står summan."
        ),
    ),
    ("Median", "Värdet i mitten: hälften av fallen ligger under och hälften över."),
    ("Motpart", "Den part som avvikelsen uppstod hos."),
    ("Målvärde", "Den nivå som nämnden har beslutat, med datum, paragraf och diarienummer."),
    (
        "Normal variation",
        "Så mycket som värdet brukar gå upp och ner utan att något har ändrats i verksamheten.",
    ),
    (
        "Nyckeltal",
        ("Ett mått med en bestämd innebörd, ägare, källa och oftast ett mål. Det räknas likadant varje månad."),
    ),
    ("Preliminär", "Perioden är inte slut, eller leveranserna når inte till dess slut. Värdet kan ändras."),
    ("Procentenheter", "Skillnaden mellan två andelar. Från 60 till 70 procent är tio procentenheter."),
    ("Riskvärde", "Sannolikhet gånger konsekvens."),
    ("Rullande tolv månader", "De tolv månader som slutar med den månad som visas. Små tal svänger mindre så."),
    (
        "Rådighet",
        (
            "Vem som kan ändra ett värde: förvaltningen själv (egen), flera parter (delad) eller en annan "
            "huvudman (motpartens)."
        ),
    ),
    ("Sekretessområde", "Nämnden och verksamhetsgrenen. Uppgifter om enskilda visas aldrig utanför det."),
    (
        "SIP",
        (
            "Samordnad individuell plan: den plan som socialtjänst och hälso- och sjukvård gör tillsammans för "
            "ett barn som behöver båda. Barnet eller vårdnadshavaren samtycker."
        ),
    ),
    ("Släppt", "Det som får läsas utanför nämnden när en period är stängd. Små tal är dolda."),
    (
        "Stapeldiagram",
        (
            "Visar hur många eller hur stor andel varje svar eller grupp är: ju längre stapel, desto fler. Alla "
            "staplar börjar på noll."
        ),
    ),
    (
        "Stängd period",
        (
            "En månad, ett tertial eller ett halvår vars värden nämnden har frusit. Rapporter bygger på de "
            "frysta värdena."
        ),
    ),
    ("Syntetiska data", "Påhittade uppgifter för att visa och prova Samkoll. De gäller inga verkliga barn."),
    ("Säker förändring", "Mer än normal variation: värdet har bytt nivå, och det är värt att fråga varför."),
    ("Tertial", "En tredjedel av året: januari–april, maj–augusti, september–december."),
    (
        "Trattdiagram",
        (
            "Jämför enheter av olika storlek. Innanför tratten ryms skillnaden i normal variation, och ju fler "
            "fall, desto smalare är den."
        ),
    ),
    (
        "Underlag",
        ("Raderna bakom ett nyckeltal. De läses bara av den som behöver dem i sitt arbete, och varje läsning loggas."),
    ),
    ("Uppföljning av SIP", "Det möte där planen följs upp. I tid betyder senast avtalad dag plus några dagar."),
    (
        "Väntetider",
        (
            "Visar hur många dagar något tog, i grupper om tio dagar. Fyllda staplar är det som har kommit, ihåliga "
            "det som väntar. Strecket är gränsen."
        ),
    ),
    ("Åtgärd", "Något som görs för att ändra ett värde, med ansvarig, slutdag och väntad effekt."),
    ("Ändrad sedan stängning", "Sena uppgifter har ändrat ett värde som redan är fryst. Båda visas."),
)
"""A term and its meaning, in Swedish order of letters."""


def anchor(term: str) -> str:
    """The term as an address's part: `normal-variation`."""
    plain = term.casefold().translate(str.maketrans("åäö", "aao"))
    return "-".join("".join(letter if letter.isalnum() else " " for letter in plain).split())
