using CodeComplete.Engine.Evaluation;

namespace CodeComplete.Engine.Tests.Evaluation;

/// <summary>Made-up results of made-up cases.</summary>
internal static class Results
{
    public static EvaluationSettings Settings { get; } =
        new()
        {
            Folder = "Shop",
            Cases = 3,
            Seed = 1,
            Kinds = [CaseKinds.AfterDot, CaseKinds.Argument],
            CasesHash = "0123",
            Model = "tiny",
            ModelHash = "4567",
            Graph = "model.onnx",
            Provider = "cpu",
            Memory = true,
            Version = "1.0",
            Build = "89ab",
        };

    /// <summary>A case that wants <c>Total(order);</c>.</summary>
    public static CaseResult Of(
        string id,
        string prediction,
        string groundtruth = "Total(order);",
        bool? compiles = null,
        int? rank = null,
        string kind = CaseKinds.AfterDot,
        double ms = 100
    ) =>
        new()
        {
            Id = id,
            Kind = kind,
            File = "src/A.cs",
            Offset = 10,
            Groundtruth = groundtruth,
            Prediction = prediction,
            Shown = prediction.Length > 0,
            Why = prediction.Length > 0 ? null : "the model writes nothing here",
            Verified = compiles,
            Compiles = compiles,
            BringsNoError = compiles,
            Name = "Total",
            Rank = rank,
            Scores = Scores.Of("", prediction, groundtruth),
            Timings = new StageTimings { Decode = ms / 2, Total = ms },
        };
}
