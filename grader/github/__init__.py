"""GitHub: public feedback in a student's repository, and the central grading of a class.

What runs in a student's repository is `ci`; `template` lays such a repository out.
A class is graded from one private repository, in three jobs: `collect` fetches the
submissions, `grader grade --shard` grades them, `publish` tells the students.

Hidden tests cannot be kept secret in a repository that students write to, whatever
its workflows do. So `ci` runs public tests only, and what `publish` says of hidden
ones is what `grader.exports.view` lets students read.
"""
