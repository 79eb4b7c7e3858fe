"""What is written down about workers in need."""

import datetime as dt

from friends.care import flag_worker, give_aid
from friends.enums import AidKind, CareKind
from friends.models import Aid, CareFlag, Worker
from organization.models import User

CONSENT = dt.date(2016, 3, 15)


def aid(to: Worker, *, by: User, **fields) -> Aid:
    facts = {"kind": AidKind.MONEY, "given_on": CONSENT, "amount": 500, "consent_on": CONSENT}
    return give_aid(worker=to, by=by, **(facts | fields))


def care_flag(of: Worker, *, by: User, **fields) -> CareFlag:
    facts = {"kind": CareKind.ILLNESS, "consent_on": CONSENT, "expires_on": dt.date(2100, 1, 1)}
    return flag_worker(worker=of, by=by, **(facts | fields))
