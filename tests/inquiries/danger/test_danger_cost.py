"""What danger costs: the queue reads no more for requests that may be urgent."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inquiries.states import State
from portal.models import User
from tests.inquiries.danger.test_danger_first import MAIL, QUEUE, in_danger

pytestmark = pytest.mark.django_db


def test_more_danger_adds_no_queries_to_the_queue(client: Client, coordinator: User) -> None:
    client.force_login(coordinator)
    costs = []
    client.get(QUEUE)  # reads the lists of topics and colleagues
    for _ in range(2):
        for state in (State.NEW, State.CLAIMED, State.CLAIMED):
            in_danger(state, owner=coordinator, **MAIL)
        with CaptureQueriesContext(connection) as made:
            client.get(QUEUE)
        costs.append(len(made))
    # The first opening also loads who is here, which the process then keeps for a minute.
    assert costs[1] <= costs[0] < 12
