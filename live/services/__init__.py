"""Services of live classes: functions that change data."""
