"""The list of phrases that may mean danger, as it is shipped; the clinic edits it from here on."""

from typing import Any

from django.db import migrations

SHIPPED = {
    "en": (
        *("suicide", "suicidal", "kill myself", "killing myself", "end my life", "ending my life"),
        *("want to die", "wish I was dead", "better off dead", "hurt myself", "harm myself"),
        *("overdose", "overdosed", "too many pills"),
        *("chest pain", "pain in my chest", "heart attack", "having a stroke", "face drooping"),
        *("can't breathe", "cannot breathe", "can not breathe", "trouble breathing"),
        *("short of breath", "coughing up blood", "vomiting blood", "throwing up blood"),
        *("passed out", "unconscious", "won't wake up", "will not wake up", "seizure"),
        *("throat is closing", "lips are blue", "bleeding heavily", "won't stop bleeding"),
    ),
    "es": (
        *("suicidio", "suicidarme", "suicidarse", "matarme", "quitarme la vida"),
        "acabar con mi vida",
        *("quiero morir", "quiero morirme", "no quiero vivir", "hacerme daño", "lastimarme"),
        *("sobredosis", "demasiadas pastillas"),
        *("dolor de pecho", "dolor en el pecho", "infarto", "derrame cerebral"),
        *("no puedo respirar", "me cuesta respirar", "falta de aire", "me falta el aire"),
        *("toso sangre", "vomito sangre", "vomitando sangre"),
        *("me desmayé", "se desmayó", "inconsciente", "no despierta", "convulsión", "convulsiones"),
        *("se me cierra la garganta", "labios azules", "no para de sangrar"),
    ),
}


def ship(apps: Any, schema_editor: Any) -> None:
    phrase = apps.get_model("inquiries", "DangerPhrase")
    phrase.objects.bulk_create(
        phrase(language=language, phrase=words)
        for language, phrases in SHIPPED.items()
        for words in phrases
    )


class Migration(migrations.Migration):
    dependencies = [("inquiries", "0008_asking")]

    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
