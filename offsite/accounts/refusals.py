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
