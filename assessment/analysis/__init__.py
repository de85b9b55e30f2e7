"""What the answers say about the questions, and about how alike two papers are. Independent of Django.

- `taken`: the rows that are analyzed, and which of them count.
- `items`: facility, discrimination and the answers of one question.
- `reliability`: how far scores would come out the same with other questions, and the standard error of measurement.
- `agreement`: kappa of two markers.
- `similarity`: pairs of papers with many identical wrong answers, for people to look at.

Nothing is calculated of fewer than `LEAST` rows: the answer is `TooFew`. Only first attempts count (`taken.Columns`): later ones are of
people who have seen the explanations.

Sums are of whole numbers (`exact`), so no figure depends on the order of the rows. Sources are named where a figure is calculated. All of them
are figures of classical test theory: Allen & Yen, *Introduction to Measurement Theory* (1979); Ebel & Frisbie, *Essentials of Educational
Measurement* (5th ed., 1991).
"""
