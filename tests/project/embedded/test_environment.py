"""The secrets of a checkout are made once, by the command that asks first."""

import json
import subprocess
import sys
from pathlib import Path

from lms.embedded.environment import ROOT, SECRETS

ASKING = "import json; from lms.embedded.environment import with_secrets; print(json.dumps(with_secrets({})))"


def test_commands_that_start_together_on_a_new_machine_have_the_same_secrets(tmp_path: Path):
    asking = [
        subprocess.Popen(
            [sys.executable, "-c", ASKING],
            cwd=ROOT,
            env={"VAR_DIR": str(tmp_path)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]

    answers = {process.communicate()[0] for process in asking}

    assert [process.returncode for process in asking] == [0] * 3
    assert len(answers) == 1
    kept = tmp_path / "secrets.json"
    assert json.loads(kept.read_text()) == json.loads(answers.pop())
    assert set(json.loads(kept.read_text())) == set(SECRETS)
    assert kept.stat().st_mode & 0o777 == 0o600
