"""What a result, an assessment, an action or an effect rests on: a file, a link or a registration number."""

from control.evidence.service import (
    About,
    Evidence,
    EvidenceFile,
    EvidenceKind,
    Given,
    add_evidence,
    can_add_evidence,
    evidence_file,
    evidence_of,
)

__all__ = [
    "About", "Evidence", "EvidenceFile", "EvidenceKind", "Given", "add_evidence", "can_add_evidence", "evidence_file",
    "evidence_of",
]  # fmt: skip
