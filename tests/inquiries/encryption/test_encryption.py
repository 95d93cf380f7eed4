"""Encryption: a sealed value opens unchanged, and nothing else opens."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inquiries import encryption
from inquiries.encryption import SealBroken

KEY = bytes(range(32))
CONTEXT = "inquiries.inquiry.message:1"

# No NUL, which is refused, and no lone surrogate, which no form accepts.
texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
quickly = settings(max_examples=40, deadline=None)


@quickly
@given(texts)
def test_sealed_text_opens_unchanged(text: str) -> None:
    sealed = encryption.seal(text, key=KEY, context=CONTEXT)
    assert encryption.unseal(sealed, key=KEY, context=CONTEXT) == text


@quickly
@given(st.text(st.characters(min_codepoint=1, max_codepoint=127), min_size=4, max_size=80))
def test_the_sealed_value_does_not_contain_the_text(text: str) -> None:
    assert text.encode() not in encryption.seal(text, key=KEY, context=CONTEXT)


@quickly
@given(texts)
def test_sealing_the_same_text_twice_gives_different_values(text: str) -> None:
    once, twice = (encryption.seal(text, key=KEY, context=CONTEXT) for _ in range(2))
    assert once != twice
    assert once[1:13] != twice[1:13], "a nonce used twice would give the key away"


@quickly
@given(text=texts, data=st.data())
def test_changing_one_bit_is_detected(text: str, data: st.DataObject) -> None:
    sealed = bytearray(encryption.seal(text, key=KEY, context=CONTEXT))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SealBroken):
        encryption.unseal(bytes(sealed), key=KEY, context=CONTEXT)


def test_truncated_or_extended_values_are_detected() -> None:
    sealed = encryption.seal("Ana Example", key=KEY, context=CONTEXT)
    for length in range(len(sealed)):
        with pytest.raises(SealBroken):
            encryption.unseal(sealed[:length], key=KEY, context=CONTEXT)
    with pytest.raises(SealBroken):
        encryption.unseal(sealed + b"\x00", key=KEY, context=CONTEXT)


@quickly
@given(st.binary(max_size=100))
def test_garbage_is_rejected_and_never_shown(garbage: bytes) -> None:
    with pytest.raises(SealBroken):
        encryption.unseal(garbage, key=KEY, context=CONTEXT)


@quickly
@given(texts, texts)
def test_another_context_or_key_does_not_open_a_value(text: str, other: str) -> None:
    sealed = encryption.seal(text, key=KEY, context=f"{CONTEXT}{other}")
    with pytest.raises(SealBroken):
        encryption.unseal(sealed, key=KEY, context=f"{CONTEXT}{other}0")
    with pytest.raises(SealBroken):
        encryption.unseal(sealed, key=KEY[::-1], context=f"{CONTEXT}{other}")


def test_the_error_does_not_contain_the_text() -> None:
    sealed = encryption.seal("Ana Example", key=KEY, context=CONTEXT)
    with pytest.raises(SealBroken) as refused:
        encryption.unseal(sealed, key=KEY, context="elsewhere")
    assert "Ana" not in str(refused.value)
    assert str(refused.value) == "elsewhere was changed, or moved from elsewhere."


def test_length_is_visible_only_in_steps_of_32_bytes() -> None:
    lengths = [len(encryption.seal("x" * size, key=KEY, context=CONTEXT)) for size in range(1, 129)]
    around = 1 + 12 + 16  # format, nonce, tag
    assert lengths == [around + 32 * (1 + size // 32) for size in range(128)]


def test_text_with_nul_is_rejected_because_it_would_come_back_shorter() -> None:
    for text in ("\x00", "Ana\x00", "A\x00na"):
        with pytest.raises(ValueError, match="NUL"):
            encryption.seal(text, key=KEY, context=CONTEXT)


def test_the_cipher_is_standard_aes_256_gcm() -> None:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    sealed = encryption.seal("Ana Example", key=KEY, context=CONTEXT)
    nonce, body, tag = sealed[1:13], sealed[13:-16], sealed[-16:]
    opener = Cipher(algorithms.AES(KEY), modes.GCM(nonce, tag)).decryptor()
    opener.authenticate_additional_data(CONTEXT.encode())
    assert sealed[:1] == b"\x01"
    assert opener.update(body) + opener.finalize() == b"Ana Example".ljust(32, b"\x00")


def test_a_data_key_is_32_random_bytes() -> None:
    made = {encryption.new_key() for _ in range(100)}
    assert len(made) == 100
    assert {len(key) for key in made} == {32}
