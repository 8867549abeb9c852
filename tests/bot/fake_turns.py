"""FakeTurns: one short conversation behind the same three doors as ``bot.turns.Turns``, kept in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.batch import Receipt
from bot.history import Entry
from bot.messages import Button, Inbound, Outbound, ShareLine, Tap
from storage.database import StorageAway

Listener = Callable[[int, Sequence[tuple[int, Outbound]]], None]

TEXTS = {
    "en": {
        "hello": "Hello Sam. Here is your check-in. It takes about two minutes.\nYou can skip every question.",
        "week": "How was your week, all in all?",
        "points": ["Very hard", "Hard", "In between", "Good", "Very good"],
        "work": "Do you have a job or a work trial now?",
        "jobs": ["Yes, a job", "Yes, a work trial", "No"],
        "hard": "What was hard?",
        "groups": ["At work", "Outside work"],
        "hards": ["Too much to do", "Noise or many people", "Sleep", "Letters and offices", "I don't want to say"],
        "step": "Do you have a next step? It can be small.\nYou can write it here.",
        "not_read": "Nobody reads this right away.",
        "share": "This is what Kim will see. You choose.",
        "choose": "Choose what Kim will see.",
        "share_all": "Share all",
        "share_choose": "Choose",
        "share_none": "Keep it for me",
        "labels": ["Week", "Hard outside work", "Next step"],
        "bye": "Thank you, Sam. That is all for now.",
        "again": "I do not know that answer. You can choose one below.",
        "skip": "Skip",
        "back": "Back",
        "fit": "Does not fit me",
    },
    "ar": {
        "hello": "مرحبًا سام. هذه أسئلتك لهذا الأسبوع. تحتاج إلى دقيقتين تقريبًا.\nيمكنك تخطي كل سؤال.",
        "week": "كيف كان الأسبوع بشكل عام؟",
        "points": ["صعب جدًا", "صعب", "بين هذا وذاك", "جيد", "جيد جدًا"],
        "work": "هل لديك الآن عمل أو تجربة عمل؟",
        "jobs": ["نعم، عمل", "نعم، تجربة عمل", "لا"],
        "hard": "ما الذي كان صعبًا؟",
        "groups": ["في العمل", "خارج العمل"],
        "hards": ["العمل كثير جدًا", "ضوضاء أو ناس كثيرون", "النوم", "الرسائل والدوائر", "لا أريد أن أقول"],
        "step": "هل لديك خطوة تالية؟ يمكن أن تكون صغيرة.\nيمكنك كتابتها هنا.",
        "not_read": "لا أحد يقرأ هذا على الفور.",
        "share": "هذا ما ستراه Kim. الاختيار لك.",
        "choose": "اختيار ما ستراه Kim.",
        "share_all": "مشاركة الكل",
        "share_choose": "اختيار",
        "share_none": "الاحتفاظ به لي",
        "labels": ["الأسبوع", "صعب خارج العمل", "الخطوة التالية"],
        "bye": "شكرًا سام. هذا كل شيء الآن.",
        "again": "هذه الإجابة غير معروفة لي. يمكن اختيار واحدة أدناه.",
        "skip": "تخطي",
        "back": "رجوع",
        "fit": "لا ينطبق عليّ",
    },
}
TEXTS["nb"] = TEXTS["en"]
STEPS = ("week", "work", "hard", "step", "share")


@dataclass
class Talk:
    """One person's conversation."""

    entries: list[Entry] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    language: str = "en"
    place: int = 0
    choosing: bool = False
    open: bool = False


class FakeTurns:
    """``away`` makes every call fail as when the database cannot be reached; ``received`` is what came in.
    ``set_language`` is called with participant and language when that changes."""

    def __init__(self, set_language: Callable[[int, str], Awaitable[None]]) -> None:
        self._set_language = set_language
        self.listeners: list[Listener] = []
        self.received: list[Inbound] = []
        self.away = False
        self.talks: defaultdict[int, Talk] = defaultdict(Talk)

    async def submit(self, inbound: Inbound) -> Receipt:
        """Store and answer; a second copy has no effect."""
        if self.away:
            raise StorageAway("as told")
        talk = self.talks[int(inbound.address)]
        if inbound.id in talk.seen:
            return Receipt(False, ())
        talk.seen.add(inbound.id)
        self.received.append(inbound)
        if inbound.tap and inbound.tap.action == "language":
            await self._set_language(int(inbound.address), inbound.tap.choices[0])
        self._hear(talk, inbound)
        answers = tuple(self._add(talk, message) for message in self._answers(talk, inbound))
        receipt = Receipt(True, answers)
        for listener in self.listeners:
            listener(int(inbound.address), inbound, receipt)
        return receipt

    async def history(self, participant_id: int, after: int = 0) -> list[Entry]:
        """Everything that was said in the conversation."""
        if self.away:
            raise StorageAway("as told")
        return [entry for entry in self.talks[participant_id].entries if entry.seq > after]

    def tell(self, participant_id: int, text: str) -> None:
        """Say something that nobody asked for."""
        talk = self.talks[participant_id]
        told = self._add(talk, Outbound("note", talk.language, text))
        nobody = Inbound("web", str(participant_id), "", datetime.min.replace(tzinfo=UTC))
        for listener in self.listeners:
            listener(participant_id, nobody, Receipt(True, (told,)))

    def _hear(self, talk: Talk, inbound: Inbound) -> None:
        said = inbound.text
        waits = next((e.outbound for e in reversed(talk.entries) if e.outbound and e.outbound.buttons), None)
        if inbound.tap and waits:
            pressed = [b.label for b in (*waits.buttons, *waits.controls) if b.tap == inbound.tap]
            ticked = [b.label for b in waits.buttons if b.tap.choices[:1] and b.tap.choices[0] in inbound.tap.choices]
            said = "\n".join(filter(None, [*(pressed or ticked), said]))
        if said:
            talk.entries.append(Entry(len(talk.entries) + 1, None, said))

    def _add(self, talk: Talk, message: Outbound) -> tuple[int, Outbound]:
        seq = len(talk.entries) + 1
        talk.entries.append(Entry(seq, message, ""))
        return seq, message

    def _answers(self, talk: Talk, inbound: Inbound) -> list[Outbound]:
        tap = inbound.tap
        match tap.action if tap else "typed":
            case "language":
                assert tap
                talk.language = tap.choices[0]
                return [self._question(talk)] if talk.open else []
            case "start":
                talk.place, talk.open, talk.choosing = 0, True, False
                return [self._say(talk, "hello"), self._question(talk)]
            case "back":
                talk.place, talk.choosing = max(0, talk.place - (not talk.choosing)), False
                return [self._question(talk)]
            case "share_choose":
                talk.choosing = True
                return [self._question(talk)]
            case "choose" | "typed" if not (tap and tap.choices) and not inbound.text:
                return [self._say(talk, "again", "note"), self._question(talk)]
        if tap and tap.step != STEPS[talk.place]:
            return [self._question(talk)]
        talk.place += 1
        if talk.place == len(STEPS):
            talk.place, talk.open = 0, False
            return [self._say(talk, "bye", "closed")]
        return [self._question(talk)]

    def _say(self, talk: Talk, name: str, kind: str = "said") -> Outbound:
        return Outbound(kind, talk.language, str(TEXTS[talk.language][name]))  # type: ignore[arg-type]

    def _question(self, talk: Talk) -> Outbound:
        step, t = STEPS[talk.place], TEXTS[talk.language]

        def button(label: str, action: str, choice: str = "", group: str = "") -> Button:
            return Button(label, Tap(1, step, action, (choice,) if choice else ()), group)  # type: ignore[arg-type]

        def options(labels: str, action: str = "choose") -> tuple[Button, ...]:
            return tuple(button(label, action, f"{step}{n}") for n, label in enumerate(t[labels], 1))

        common = {"kind": "asked", "language": talk.language, "text": t[step], "conversation": 1, "step": step}
        counted = {"number": talk.place + 1, "total": len(STEPS) - 1}
        back = (button(t["back"], "back"),) if talk.place else ()
        skip = (button(t["skip"], "skip"), *back)
        match step:
            case "week":
                fit = button(t["fit"], "does_not_fit")
                return Outbound(
                    **common, **counted, buttons=options("points"), pick="one", scale=True, controls=(*skip, fit)
                )
            case "work":
                return Outbound(**common, **counted, buttons=options("jobs"), pick="one", controls=skip)
            case "hard":
                groups = [t["groups"][n // 2] for n in range(4)] + [t["groups"][1]]
                buttons = tuple(
                    Button(b.label, b.tap, group) for b, group in zip(options("hards"), groups, strict=True)
                )
                own = {"typed": "text", "placeholder": t["not_read"], "most": 2, "alone": ("hard5",)}
                return Outbound(**common, **counted, buttons=buttons, pick="many", controls=skip, **own)
            case "step":
                return Outbound(**common, **counted, typed="text", placeholder=t["not_read"], controls=skip)
        names = t["labels"]
        lines = (
            ShareLine("week", names[0], t["points"][3]),
            ShareLine("hard|outside", names[1], t["hards"][2], private=True),
            ShareLine("step", names[2], "", own_words="Ring Kafé Løven\nهاتف المقهى"),
        )
        common = {**common, "kind": "offered", "lines": lines}
        if talk.choosing:
            ticks = tuple(button(line.label, "share_lines", line.id) for line in lines)
            return Outbound(**{**common, "text": t["choose"]}, buttons=ticks, pick="many", controls=back)
        ways = ("share_all", "share_choose", "share_none")
        return Outbound(**common, buttons=tuple(button(t[way], way) for way in ways), pick="one", controls=back)
