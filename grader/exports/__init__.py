"""Grades in the formats of learning platforms, CI services and spreadsheets.

What `grader export --help` says is here, where it costs no import.
"""

from typing import Final

FORMATS: Final = {
    "csv": "a row for each student, points for each task",
    "junit": "JUnit XML",
    "ctrf": "Common Test Report Format, JSON",
    "gradescope": "Gradescope's results.json",
    "prairielearn": "PrairieLearn's results.json",
    "github": "job summary, for GITHUB_STEP_SUMMARY; annotations on stdout",
    "classroom": "GitHub Classroom's old reporter: its step output `result`",
    "classroom50": "Classroom 50's result.json; reads its runner's variables",
    "canvas": "fill a column of Canvas's gradebook export",
    "moodle": "fill the grades of Moodle's grading worksheet",
    "brightspace": "fill a column of Brightspace's grades export",
    "nbgrader": "write scores and comments into nbgrader's gradebook",
}
EXPLANATION: Final = """\
csv, nbgrader, canvas, moodle and brightspace are about a class. The others are about one
submission: a result file, or --student NAME of a folder; without either, -o is a
folder and gets a file for each student. Students may read those: of a hidden test
they say its title, its outcome and the hint about a known mistake, no more.

canvas, moodle and brightspace take the platform's own export and change nothing in
it but one column. Scores are converted to the maximum that the export states; a cell
with a word in it, such as EX for excused, is kept. A submission belongs to the row
that says its name, as
  canvas       ID, SIS User ID, SIS Login ID, Integration ID, or full name
  moodle       Participant 123, or 123; e-mail address, or full name
  brightspace  OrgDefinedId, Username, Email (without #), or full name
or that says what the platform's own download puts into a file's name: Canvas's ID,
Moodle's number, Brightspace's full name. Who fits no row, or more than one, is listed
on stderr, the row stays as it was, and the exit code is 1.

nbgrader is about a class too: -o names its course's folder, or the gradebook.db in it.
A submission belongs to the student of exactly its name, in the gradebook or in the
course's submitted/; a gradebook without any students gets all of them."""
