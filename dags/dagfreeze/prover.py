"""Proves written files: imports each, and says which of its DAGs are not what they were, and why."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dagfreeze.files.header import Header
from dagfreeze.proof.differences import differences
from dagfreeze.refusal import REMEDY
from dagfreeze.results import OTHER_MODULE, Loaded, Proof, Refusal
from dagfreeze.sources import Source
from dagfreeze.watching.reads import sentence
from dagfreeze.worker import Defect, Job, JobFailed, Workers
from dagfreeze.writing.assemble import file_text
from dagfreeze.writing.write import Block

Members = Mapping[str, tuple[Source, Block]]
"""DAGs that may share a file: by their ids, where they come from, and what was written."""

CHANGING = (
    "no difference was found a second time; perhaps each new object changes what its functions look up, "
    "such as a list in a class"
)
KEEPS_DAGS = "holds DAGs of the factory, which the written file does not make there"
KEEPS_ITS_DAG = "is its DAG itself, which the frozen file cannot keep there"
_OTHER_DAG = re.compile(r"(.*?) is its DAG, written as another DAG .*")
_KEPT_DAG = re.compile(r"(.*?)(\[[^][]*\])? is (its DAG|another DAG \"[^\"]*\"), missing in the written DAG")
REMEDIES = {
    KEEPS_DAGS: "Keep the DAGs where no function of a task can reach them; or move what the task uses, such as a "
    "method of a class, out of it to the top of the file.",
    KEEPS_ITS_DAG: "Keep the id of the DAG there, or make the method that the task calls a function of the file.",
    CHANGING: "Keep nothing in classes and globals that making an object changes.",
    "written as several": "Give this object a name of its own at the top of the file, and use that name everywhere.",
    "": REMEDY,
}
"""What helps, by the end of a reason; the last one fits all."""

HOLDS_NAME = (
    "What differs is the name by which Airflow imports the file, which a library has noted: "
    "move the decorated function or class into a module that can be imported."
)


@dataclass(frozen=True)
class Prover:
    """Writes DAGs into files, and proves that the files make them again.

    Attributes:
        out: folder of the frozen files.
        bundle: root of the bundle.
        loaded: what each DAG file made.
        workers: processes to import in.
    """

    out: Path
    bundle: Path
    loaded: Mapping[Source, Loaded]
    workers: Workers

    def text(self, header: Header, members: Members) -> bytes:
        """The file of some DAGs.

        Args:
            header: of the file, with the ids of its DAGs.
            members: those DAGs, and perhaps others.

        Raises:
            Refused: when they cannot stand in one file.
        """
        blocks = [members[dag_id][1] for dag_id in header.dags]
        loaded = [self.loaded[source] for source in {members[dag_id][0] for dag_id in header.dags}]
        tops = {name: top for one in loaded for name, top in one.tops.items()}
        future = any(one.future_annotations for one in loaded)
        return file_text(header, blocks, tops, self._is_own, future_annotations=future)

    def _is_own(self, root: str) -> bool:
        return (self.bundle / root).is_dir() or (self.bundle / f"{root}.py").is_file()

    def start(
        self, seed: int, file: str, text: bytes, dags: Collection[str], members: Members
    ) -> Future[Proof]:
        """Begin to import a file as if it lay where it is going to be.

        Args:
            seed: 0 or 1, of the worker.
            file: its name.
            text: its content.
            dags: ids of the DAGs in it.
            members: those DAGs.
        """
        searches = {dag_id: members[dag_id][1].searches for dag_id in dags}
        expected = {dag_id: self._digest(dag_id, members) for dag_id in dags}
        sources = {members[dag_id][0] for dag_id in dags}
        modules = {name: path for one in sources for name, path in self.loaded[one].modules.items()}
        return self.workers.start(
            Job("dagfreeze.prove:prove", (text, self.out / file, self.bundle, expected, searches, modules)),
            seed,
        )

    def refusals(self, file: str, header: Header, members: Members, future: Future[Proof]) -> list[Refusal]:
        """The DAGs of a file that are not what they were.

        Args:
            file: its name.
            header: its header.
            members: its DAGs.
            future: the import of it.
        """
        proof = result(future)
        if not (proof.error or proof.reads):
            return self._unequal(proof, header.dags, members)
        refusals = []
        for dag_id in header.dags:  # which of them is it?
            text = self.text(Header(header.source, header.count, header.number, (dag_id,)), members)
            alone = result(self.start(0, file, text, [dag_id], members))
            refusals += self._refused(alone, dag_id, members) or self._unequal(alone, [dag_id], members)
        return refusals

    def _digest(self, dag_id: str, members: Members) -> str:
        return self.loaded[members[dag_id][0]].digests[dag_id]

    def _unequal(self, proof: Proof, dags: Collection[str], members: Members) -> list[Refusal]:
        refusals = []
        unequal = [dag_id for dag_id in dags if proof.digests.get(dag_id) != self._digest(dag_id, members)]
        originals: dict[str, Any] = {}
        for source in {members[dag_id][0] for dag_id in unequal if dag_id in proof.forms}:
            place = (source.path, self.bundle, self.out, frozenset(unequal))
            originals |= self.workers.start(Job("dagfreeze.load:originals", place), 0).result()
        for dag_id in unequal:
            remedy = ""
            if dag_id in proof.forms:
                original = originals.get(dag_id)
                what = differences(original, proof.forms[dag_id], 3) if original else []
                matches = filter(None, map(_KEPT_DAG.fullmatch, what))
                what = [f"{match[1]} {KEEPS_DAGS}" for match in matches][:1] or what
                others = filter(None, map(_OTHER_DAG.fullmatch, what))
                what = [f"{match[1]} {KEEPS_ITS_DAG}" for match in others][:1] or what
                why = "; ".join(what) or CHANGING
                reason = f"what was written is not the same: {why}"
                remedy = HOLDS_NAME if "unusual_prefix_" in reason else _remedy(reason)
            else:
                reason = "its frozen file does not make it"
            refusals.append(Refusal(dag_id, self._place(dag_id, members), reason, remedy))
        return refusals

    def _refused(self, proof: Proof, dag_id: str, members: Members) -> list[Refusal]:
        if proof.error:
            reason = f"what was written does not work: {proof.error.strip().splitlines()[-1]}"
            remedy = "Define what functions need at the top of the DAG file, each under one name that means one thing."
            if "ModuleNotFoundError" in reason or OTHER_MODULE in reason:
                remedy = (
                    "Frozen files do not change sys.path: import the module by its path below the root of the bundle "
                    "(--bundle), as in `from lib import helpers`."
                )
        elif proof.reads:
            what = "; ".join(
                sentence(read._replace(through="")) if read.through else sentence(read).partition(", ")[0]
                for read in proof.reads[:3]
            )
            reason = f"its frozen file would still read, at each import: {what}"
            remedy = (
                "Move it into a function of that module, so that it is read where a task calls it."
                if proof.reads[0].through
                else "Read it in a task, or keep the value in a variable of the DAG file."
            )
        else:
            return []
        return [Refusal(dag_id, self._place(dag_id, members), reason, remedy)]

    def _place(self, dag_id: str, members: Members) -> str:
        source = members[dag_id][0]
        return self.loaded[source].places.get(dag_id, source.name)


def _remedy(reason: str) -> str:
    return next(remedy for end, remedy in REMEDIES.items() if reason.endswith(end))


def result(future: Future[Proof]) -> Proof:
    """What an import of a file came to, also when its process ended.

    Raises:
        Defect: when this package fails.
    """
    try:
        return future.result()
    except Defect:
        raise
    except JobFailed as failure:
        return Proof(error=str(failure))
