using CodeComplete.Engine.Evaluation;
using CodeComplete.Engine.Ranking;
using CodeComplete.Engine.Startup;
using CodeComplete.Testing;
using CodeComplete.Transformer;

namespace CodeComplete.Engine.Tests.Ranking;

public sealed class ModelGateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_shipped_gate_prefers_what_the_model_is_sure_of()
    {
        var gate = ModelGate.Load(ModelLocator.Find(null));

        Assert.NotNull(gate);
        var sure = gate.Score(new GateFeatures(0.95, 0.9, 12, CaseKinds.AfterDot));
        var unsure = gate.Score(new GateFeatures(0.3, 0.02, 60, CaseKinds.StatementStart));
        Assert.True(sure > 0.5, $"{sure}");
        Assert.True(unsure < gate.Threshold, $"{unsure} is shown from {gate.Threshold}");
        Assert.True(gate.Threshold is > 0 and < 0.5);
    }

    [Fact]
    public void The_weights_mean_what_gate_py_means_by_them()
    {
        File.WriteAllText(
            Path.Combine(_folder.Path, ModelGate.FileName),
            """{ "bias": -0.5, "logOdds": 1, "logLowest": 0.25, "logLength": -0.75, "places": { "argument": -0.5 }, "threshold": 0.15 }"""
        );

        var gate = ModelGate.Load(_folder.Path)!;

        // As models/training/tests/test_gate.py has them.
        Assert.Equal(0.179482, gate.Score(new GateFeatures(0.8, 0.25, 8, CaseKinds.Argument)), 6);
        Assert.Equal(0.265055, gate.Score(new GateFeatures(0.8, 0.25, 8, CaseKinds.AfterDot)), 6);
        Assert.Equal(0.265055, gate.Score(new GateFeatures(0.8, 0.25, 8, null)), 6);
    }

    [Fact]
    public void A_folder_without_a_gate_shows_all_and_a_broken_gate_is_said()
    {
        Assert.Null(ModelGate.Load(_folder.Path));
        foreach (var broken in (string[])["", "[]", "{}", "{ \"bias\": \"x\" }"])
        {
            File.WriteAllText(Path.Combine(_folder.Path, ModelGate.FileName), broken);
            Assert.Contains(
                "gate.json' cannot be read",
                Assert.Throws<ModelException>(() => ModelGate.Load(_folder.Path)).Message,
                StringComparison.Ordinal
            );
        }
    }
}
