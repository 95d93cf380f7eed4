"""Which changes to a Spanish text leave what it says as it was. When in doubt, none."""

import pytest

from tests.articles.editing.test_small_changes import is_small

SMALL = [
    ("El tratameinto ayuda.", "El tratamiento ayuda."),
    ("Un medicamneto nuevo.", "Un medicamento nuevo."),
    ("Una infeccion leve.", "Una infección leve."),
    ("Las infecciones y la inflamacion.", "Las infecciones y la inflamación."),
    ("El riñon filtra.", "El riñón filtra."),
    ("Las celulas crecen.", "Las células crecen."),
    ("Tambien ayuda.", "También ayuda."),
    ("Ayuda al al riñón.", "Ayuda al riñón."),
    ("la la prueba", "la prueba"),
    ("Los sintomas cambian.", "Los síntomas cambian."),
    ("El riñón filtra", "El riñón filtra."),
    ("las células crecen.", "Las células crecen."),
    ("Dice “hola” .", 'Dice "hola".'),
    ("- El corazon", "* El corazón"),
]
MORE = [
    ("Puede ayudar.", "Debe ayudar."),
    ("Peude ayudar.", "Puede ayudar."),
    ("No ayuda.", "Ayuda."),
    ("No, ayuda.", "No ayuda."),
    ("Esta enfermo.", "Está enfermo."),
    ("Está mejor.", "Esta mejor."),
    ("Si ayuda.", "Sí ayuda."),
    ("El toma agua.", "Él toma agua."),
    ("Solo una prueba.", "Sólo una prueba."),
    ("Aun duele.", "Aún duele."),
    ("Yo tomo agua.", "Yo tomó agua."),
    ("Si tratara el mal.", "Si tratará el mal."),
    ("Ayudara mucho.", "Ayudará mucho."),
    ("Un año.", "Un ano."),
    ("Cada ano.", "Cada año."),
    ("Tome 1,5 mg.", "Tome 15 mg."),
    ("Tome 5 mg.", "Tome 5 mcg."),
    ("Tome dos tabletas.", "Tome doce tabletas."),
    ("La dósis es alta.", "La dosis es alta."),
    ("Aumenta el riesgo.", "Disminuye el riesgo."),
    ("Es hipertensión.", "Es hipotensión."),
    ("Es hipetensión.", "Es hipertensión."),
    ("Tome prednisona.", "Tome prednisolona."),
    ("Tome predinsona.", "Tome prednisona."),
    ("Tome heparna.", "Tome heparina."),
    ("Con tratamiento.", "Sin tratamiento."),
    ("Mejoran pronto.", "Mejoras pronto."),
    ("El riñón izquierdo.", "El riñón derecho."),
    ("Las pacientes.", "Los pacientes."),
    ("Una infección.", "Una inyección."),
    ("Una infecion.", "Una inyección."),
    ("Para qué sirve.", "Para que sirve."),
    ("¿Duele?", "Duele."),
    ("¿Duele?", "¡Duele!"),
    ("Era un niño.", "Era una niña."),
    ("El papa llegó.", "El papá llegó."),
    ("Ninguna duele.", "Alguna duele."),
    ("Uno de 8 murió.", "Uno de 9 murió."),
]


@pytest.mark.parametrize(("before", "after"), SMALL)
def test_truth_a_corrected_slip_leaves_what_a_text_says(before: str, after: str) -> None:
    assert is_small(before, after, language="es")


@pytest.mark.parametrize(("before", "after"), MORE)
def test_truth_whatever_may_change_what_a_text_says_is_not_small(before: str, after: str) -> None:
    assert not is_small(before, after, language="es")
