"""What an author runs: release an assignment, and prove that it grades as intended."""
