"""Why signing in, or something about an account, is refused: a sentence for the person, and the field it turns on."""


class NotAccepted(Exception):
    """What was typed is not accepted; nothing changed."""

    def __init__(self, field: str, why: str) -> None:
        """`why` is one sentence that says what to do."""
        super().__init__(why)
        self.field = field


class TryLater(NotAccepted):
    """Too many attempts."""

    def __init__(self, minutes: int) -> None:
        wait = "a minute" if minutes <= 1 else f"{minutes} minutes"
        super().__init__("email", f"There were too many attempts. Wait {wait}, then try again.")


class NotByProvider(NotAccepted):
    """Signing in with OpenID Connect came to nothing; nobody is signed in."""

    status = 403
    """Of the page that says so."""
    counts = True
    """Whether it is an attempt that counts towards having to wait."""

    def __init__(self, why: str, reason: str) -> None:
        """`reason` is for the log of whoever runs Offsite: what failed, never whose."""
        super().__init__("", why)
        self.reason = reason


class NoAnswer(NotByProvider):
    """The provider cannot be reached, or is not where the settings say."""

    status, counts = 503, False

    def __init__(self, title: str, reason: str) -> None:
        super().__init__(
            f"{title} cannot be reached now. Try again in a few minutes, or sign in with your password. If it stays so, tell "
            "whoever runs Offsite.",
            reason,
        )


class NotTrusted(NotByProvider):
    """What the provider sent does not hold: signature, issuer, audience, time, nonce."""

    status = 502

    def __init__(self, title: str, reason: str) -> None:
        super().__init__(
            f"{title} sent an answer that cannot be trusted, so you are not signed in. Start again. If it stays so, tell "
            "whoever runs Offsite.",
            reason,
        )


class Stopped(NotByProvider):
    """The person, or the provider, broke off."""

    status, counts = 400, False

    def __init__(self, title: str, reason: str) -> None:
        super().__init__(f"Signing in with {title} was stopped there. Start again, or sign in with your password.", reason)


class RunOut(NotByProvider):
    """The answer belongs to no sign-in that this browser has begun and not finished."""

    status = 400

    def __init__(self, reason: str) -> None:
        super().__init__("This sign-in took too long, was finished already, or was begun elsewhere. Start again.", reason)


class NotProven(NotByProvider):
    """Nobody vouches for the address, and the person has not signed in this way before."""

    def __init__(self, title: str) -> None:
        super().__init__(
            f"{title} does not say that the e-mail address is yours. Confirm it there, or sign in with your password.",
            "address not vouched for",
        )


class NoAccount(NotByProvider):
    """There is no account for the person, or it was ended: they are told the same."""

    def __init__(self) -> None:
        super().__init__("There is no account here for your e-mail address. Ask your school.", "no account")


class BoundToAnother(NotByProvider):
    """The account of the address belongs to somebody else at the provider: the address went to another person there."""

    def __init__(self, title: str) -> None:
        super().__init__(
            f"The account of your e-mail address belongs to another sign-in with {title}. Ask your school for a new account "
            "link, set a password with it, then start again.",
            "bound to another subject",
        )
