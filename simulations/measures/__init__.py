"""What a run comes to: in the eyes of honest people, per effort, and until attackers are seen."""
