"""What can go wrong with a download: one class per reaction, none of them holding the link."""


class DownloadError(Exception):
    """Anything that keeps a zip from standing where it was wanted; the sentence is for a person."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class LinkRefused(DownloadError):
    """The server does not give the file: asking again changes nothing."""

    def __init__(self, status: int) -> None:
        super().__init__(f"The download link is refused ({status}).")
        self.status = status


class NotWhole(DownloadError):
    """The file did not come whole, however often it was asked for."""


class Unwritable(DownloadError):
    """The disk or the folder does not take the file."""

    def __init__(self, error: OSError) -> None:
        super().__init__(f"The download cannot be written: {error.strerror or error}.")


class Hostile(DownloadError):
    """The archive holds what no build has: nothing of it is kept."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The zip is refused: {why}.")
