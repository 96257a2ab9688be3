"""Where things lie, for the tests."""
import sys
from pathlib import Path

TRAINING = Path(__file__).resolve().parents[1]
ROOT = TRAINING.parents[1]
MODEL = ROOT / "models" / "csharp-115m"
SHARED_PROMPTS = ROOT / "tests" / "fixtures" / "prompts" / "format1.json"

sys.path.insert(0, str(TRAINING))
