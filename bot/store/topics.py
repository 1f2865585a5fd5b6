"""Topics: what a commit can wake, besides the states of jobs."""

NOTICE = "notice"
LINK = "link"
WHISPER = "whisper"
HOME = "home"
ERRAND = "errand"
SCHEDULE = "schedule"
