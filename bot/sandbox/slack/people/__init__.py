"""What people do: talk, press, fill in, visit; each act as Slack tells the app of it."""
