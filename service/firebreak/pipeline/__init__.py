"""The one path from an exchange to a decision: snapshot, screen, decide. No wire and no provider format here."""
