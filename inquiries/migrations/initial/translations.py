"""What is shipped in rows since there are two languages: plain English, and Spanish beside it.

Frozen like `seeds`, whose words it follows where a clinic has not changed them. A text for senders
is called by its titles: of the words before, of those in English and in Spanish now.
"""

from typing import Any, NamedTuple

from inquiries.migrations.initial import seeds


class Shipped(NamedTuple):
    title: str
    text: str


class Pair(NamedTuple):
    #: What it was called before; in Spanish empty where there was none.
    former_titles: tuple[str, str]
    english: Shipped
    spanish: Shipped


_SIGNED = "\n\n{coordinator}\n{clinic}"

REPLIES = [
    Pair(
        ("We tried to call you", "Intentamos llamarle"),
        Shipped(
            "We tried to call you",
            "Hello {name},\n\nWe tried to call you but couldn’t reach you. When is a good time to "
            "call? You can reply right here.\n\nYour reference number is {reference}." + _SIGNED,
        ),
        Shipped(
            "Intentamos llamarle",
            "Hola, {name}:\n\nIntentamos llamarle, pero no pudimos comunicarnos con usted. ¿A qué "
            "hora podemos llamarle? Puede responder aquí mismo.\n\nSu número de referencia es "
            "{reference}." + _SIGNED,
        ),
    ),
    Pair(
        ("We have to ask a colleague first", "Primero debemos preguntar a un colega"),
        Shipped(
            "I need to ask a colleague first",
            "Hello {name},\n\nThank you for your message. I want to give you the right answer, so "
            "I’m asking a colleague first. I’ll write to you here again.\n\nPlease don’t stop or "
            "change any medicine before you talk with your doctor." + _SIGNED,
        ),
        Shipped(
            "Primero tengo que preguntar en mi equipo",
            "Hola, {name}:\n\nGracias por su mensaje. Quiero darle una respuesta correcta, así que "
            "primero voy a preguntar en mi equipo. Le escribiré de nuevo aquí.\n\nPor favor, no "
            "deje ni cambie ningún medicamento antes de hablar con su médico." + _SIGNED,
        ),
    ),
    Pair(
        ("How to get ready for a visit", ""),
        Shipped(
            "How to get ready for a visit",
            "Hello {name},\n\nBefore your visit, it helps to have:\n\n- a list of your medicines, "
            "with doses\n- your latest test results, if you have them\n- your questions, the most "
            "important one first\n\nYou can bring someone with you." + _SIGNED,
        ),
        Shipped(
            "Cómo prepararse para una cita",
            "Hola, {name}:\n\nAntes de su cita, es útil tener:\n\n- una lista de sus medicamentos, "
            "con las dosis\n- los resultados de sus últimos análisis, si los tiene\n- sus "
            "preguntas, empezando por la más importante\n\nPuede llevar a alguien con usted."
            + _SIGNED,
        ),
    ),
]

SCRIPTS = [
    Pair(
        ("Chest pain, trouble breathing, or another emergency of the body", ""),
        Shipped(
            "Chest pain, trouble breathing, or another medical emergency",
            "Say: “This may be an emergency. I’m going to get help, and I’ll stay with you.”\n"
            "Ask: “Where are you right now?” Write down the address and the number they are "
            "calling from.\n"
            "Ask: “Is someone with you?” Have that person call {emergency} on another phone.\n"
            "If they are alone, ask a colleague to call {emergency} while you stay on the line "
            "with them.\n"
            "If you are alone too, add {emergency} to this call. Do not hang up to dial.\n"
            "Tell {emergency} what they said, in their own words, and where they are. Do not "
            "guess what it is.\n"
            "Stay on the line until help is with them.\n"
            "Then log the hand-over and tell your lead.",
        ),
        Shipped(
            "Dolor de pecho, dificultad para respirar u otra emergencia médica",
            "Diga: “Esto puede ser una emergencia. Voy a pedir ayuda y me quedo con usted”.\n"
            "Pregunte: “¿Dónde está usted en este momento?”. Anote la dirección y el número desde "
            "el que llama.\n"
            "Pregunte: “¿Hay alguien con usted?”. Pida que esa persona llame al {emergency} desde "
            "otro teléfono.\n"
            "Si no hay nadie con la persona, pida a alguien de su equipo que llame al {emergency} "
            "mientras usted sigue en la línea.\n"
            "Si tampoco hay nadie con usted, agregue el {emergency} a esta llamada. No cuelgue "
            "para marcar.\n"
            "Diga al {emergency} lo que dijo la persona, con sus propias palabras, y dónde está. "
            "No trate de adivinar qué es.\n"
            "Siga en la línea hasta que la ayuda esté con la persona.\n"
            "Después, registre quién se hizo cargo y avise a su líder.",
        ),
    ),
    Pair(
        ("Thoughts of suicide", ""),
        Shipped(
            "Thoughts of suicide",
            "Say: “I’m glad you told me. I’ll stay with you.”\n"
            "Ask plainly: “Are you thinking about killing yourself?” Asking does not put the idea "
            "into anyone’s mind.\n"
            "Ask: “Have you done anything to hurt yourself today? Do you have something with you "
            "that you could use?” If yes, or if you cannot tell, call {emergency} as in a medical "
            "emergency.\n"
            "Ask: “Where are you right now? Is someone with you?” Write it down.\n"
            "Say: “I’d like to bring in someone who helps with this every day. I’ll stay with you "
            "until the two of you are talking.”\n"
            "Add the crisis line to the call: {crisis_line}. Say who you are and what they told "
            "you, while they listen.\n"
            "Do not promise to keep it secret. Do not argue, and do not leave them alone on hold.\n"
            "Leave the call only when they and the crisis line are talking.\n"
            "Then log the hand-over and tell your lead.",
        ),
        Shipped(
            "Pensamientos de suicidio",
            "Diga: “Me alegra que me lo haya dicho. Me quedo con usted”.\n"
            "Pregunte con claridad: “¿Está pensando en suicidarse?”. Preguntar no le da la idea a "
            "nadie.\n"
            "Pregunte: “¿Ha hecho algo hoy para hacerse daño? ¿Tiene con usted algo que podría "
            "usar?”. Si dice que sí, o si no está claro, llame al {emergency} como en una "
            "emergencia médica.\n"
            "Pregunte: “¿Dónde está en este momento? ¿Hay alguien con usted?”. Anótelo.\n"
            "Diga: “Quisiera que hable con alguien que ayuda con esto todos los días. Me quedo con "
            "usted hasta que estén hablando”.\n"
            "Agregue la línea de crisis a la llamada: {crisis_line}. Diga quién es usted y qué le "
            "contó, con la persona en la línea.\n"
            "No prometa guardar el secreto. No discuta, y no deje sola a la persona en espera.\n"
            "Deje la llamada solo cuando la persona y la línea de crisis estén hablando.\n"
            "Después, registre quién se hizo cargo y avise a su líder.",
        ),
    ),
]


def reword_replies(apps: Any, schema_editor: Any) -> None:
    """What a clinic has changed or taken away stays so."""
    rows = apps.get_model("inquiries", "CannedReply").objects
    former = {(language, title): text for language, title, text in seeds.REPLIES}
    for pair in REPLIES:
        english, spanish = (
            _reword(rows.filter(language=language), former.get((language, title)), title, shipped)
            for language, title, shipped in zip(
                ("en", "es"), pair.former_titles, pair[1:], strict=True
            )
        )
        title, text = pair.spanish
        if english and not spanish and not pair.former_titles[1]:
            spanish, _ = rows.get_or_create(language="es", title=title, defaults={"text": text})
        if english and spanish:
            spanish.translation_of = english
            spanish.save()


def _reword(rows: Any, before: str | None, title: str, now: Shipped) -> Any:
    """The row that said `before`, in its words of now; None where there is none."""
    row = rows.filter(title=title, text=before).first() if before else None
    if row and not rows.filter(title=now.title).exclude(pk=row.pk).exists():
        row.title, row.text = now
        row.save()
    return row


def translate_scripts(apps: Any, schema_editor: Any) -> None:
    """A script that a clinic has changed is translated by the clinic: ours would not match it."""
    rows = apps.get_model("inquiries", "CrisisScript").objects
    former = dict(seeds.SCRIPTS)
    for pair in SCRIPTS:
        title = pair.former_titles[0]
        english = rows.filter(title=title, steps=former[title]).first()
        if english and not rows.filter(title=pair.spanish.title).exists():
            english.title, english.steps = pair.english
            english.save()
            rows.create(
                language="es",
                title=pair.spanish.title,
                steps=pair.spanish.text,
                position=english.position,
                translation_of=english,
            )
