using System.Numerics.Tensors;
using CodeComplete.Testing;
using Microsoft.ML.OnnxRuntime;

namespace CodeComplete.Transformer.Tests;

/// <summary>Where the asked provider does not load, there is one clear line, and the CPU computes.</summary>
public sealed class ProviderTests(ModelFixture model)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What this build of ONNX Runtime can load by itself.</summary>
    private static string[] Built => OrtEnv.Instance().GetAvailableProviders();

    [Fact]
    public void The_cpu_is_used_without_a_word()
    {
        Assert.Equal("cpu", model.Decoder.Provider);
        Assert.Null(model.Decoder.Message);
        Assert.Equal(CpuFeatures.Has8BitDotProducts ? "model.onnx" : "model.avx2.onnx", model.Decoder.Graph);
    }

    [Fact]
    public void Auto_without_another_provider_is_the_cpu_without_a_word()
    {
        Assert.SkipWhen(Built.Length > 1, "This build carries another provider.");

        using var decoder = Load(new DecoderOptions());

        Assert.Equal("cpu", decoder.Provider);
        Assert.Null(decoder.Message);
    }

    [Theory]
    [InlineData("directml", "DmlExecutionProvider", "this build of the program does not carry DirectML, which those for Windows do")]
    [InlineData("cuda", "CUDAExecutionProvider", "this build's ONNX Runtime does not carry CUDA")]
    public void A_provider_that_this_build_does_not_carry_is_named(string provider, string name, string why)
    {
        Assert.SkipWhen(Built.Contains(name), "This build carries it.");

        using var decoder = Load(new DecoderOptions { Provider = provider });

        Complains(decoder, $"'{provider}'", why);
    }

    [Fact]
    public void An_unknown_provider_is_named()
    {
        using var decoder = Load(new DecoderOptions { Provider = "vulkan" });

        Complains(decoder, "'vulkan'", "use auto, directml, webgpu, cuda or cpu");
    }

    [Theory]
    [InlineData(
        @"[ErrorCode:RuntimeException] dml_provider_factory.cc(512)\onnxruntime.dll!0BD0: (caller: 0F0A) Exception(1) tid(118) 887A0004 ",
        true
    )]
    [InlineData("dml_provider_factory.cc(500): Exception(1) tid(1) 887A0002", true)]
    [InlineData("dml_provider_factory.cc(500): Exception(1) tid(1) 887A0005 The GPU device was removed", false)]
    public void A_machine_without_a_gpu_is_known_by_what_directml_says(string complaint, bool expected)
    {
        Assert.Equal(expected, ExecutionProvider.FindsNoGpu(complaint));
    }

    [Theory]
    [InlineData(true, "install the Visual C++ Redistributable for x64")]
    [InlineData(false, "install this program again")]
    public void A_library_that_does_not_load_says_what_to_install(bool isWindows, string what)
    {
        var sentence = SessionLoader.LibrarySentence(new DllNotFoundException("Unable to load DLL 'onnxruntime'."), isWindows);

        Assert.Contains(what, sentence, StringComparison.Ordinal);
        Assert.StartsWith(
            "ONNX Runtime's native library does not load (Unable to load DLL 'onnxruntime'):",
            sentence,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_part_of_the_program_that_is_missing_is_no_matter_of_windows()
    {
        var sentence = SessionLoader.LibrarySentence(new FileNotFoundException("No such assembly."), isWindows: true);

        Assert.EndsWith("install this program again.", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void WebGpu_without_its_file_says_what_to_set()
    {
        using var decoder = Load(new DecoderOptions { Provider = "webgpu" });

        Complains(decoder, "'webgpu'", "providerLibrary must name its file");
    }

    [Theory]
    [InlineData("webgpu")]
    [InlineData("auto")]
    public void A_plug_in_that_does_not_exist_is_named(string provider)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "plugin.so");

        using var decoder = Load(new DecoderOptions { Provider = provider, ProviderLibrary = path });

        Complains(decoder, "'webgpu'", $"the file '{path}' does not exist");
    }

    [Fact]
    public void A_plug_in_that_is_no_library_is_named()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("plugin.so", "not a library");

        using var decoder = Load(new DecoderOptions { Provider = "webgpu", ProviderLibrary = path });

        Complains(decoder, "'webgpu'", "it does not load");
    }

    [Fact]
    public void The_fp16_graph_passes_the_self_test_against_the_8_bit_one()
    {
        // ONNX Runtime's CPU provider computes fp16 too, so this walks the whole way that another provider goes: fp16 buffer and logits.
        using var gpu = Session(ModelFolder.GpuGraph);
        using var cpu = Session(model.CpuGraph);

        Assert.Null(SelfTest.Run(gpu, cpu, model.Tokenizer));
    }

    [Fact]
    public void A_provider_that_answers_nonsense_fails_the_self_test()
    {
        // Weights that are off: another model's tokens, as it were.
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.EnumerateFiles(Repository.Model))
        {
            File.Copy(file, Path.Combine(folder.Path, Path.GetFileName(file)));
        }

        using (var weights = File.OpenWrite(Path.Combine(folder.Path, "weights-1.bin")))
        {
            weights.Seek(1_000_000, SeekOrigin.Begin);
            weights.Write(new byte[20_000_000]);
        }

        using var options = new SessionOptions();
        using var broken = new DecoderSession(ModelFolder.Open(folder.Path), model.CpuGraph, options, [], 64, Decoder.ChunkSize);
        using var cpu = Session(model.CpuGraph);

        Assert.NotNull(SelfTest.Run(broken, cpu, model.Tokenizer));
    }

    [Fact]
    public void The_cpu_is_sure_of_the_self_tests_prompts()
    {
        foreach (var prompt in SelfTest.Prompts)
        {
            model.Decoder.TakeBack(0);
            var row = model.Decoder.Read([.. model.Tokenizer.Encode(prompt)], 1, Cancellation).Last.ToArray();
            var best = TensorPrimitives.IndexOfMax<float>(row);
            var top = row.OrderDescending().Take(2).ToArray();
            Assert.True(top[0] - top[1] > 2, $"'{prompt}' goes on with '{model.Tokenizer.Decode([best])}', but only by {top[0] - top[1]}");
        }
    }

    [Fact]
    public void The_graph_follows_the_cpu()
    {
        Assert.Equal("model.onnx", SessionLoader.CpuGraph(model.Folder, has8BitDotProducts: true));
        Assert.Equal("model.avx2.onnx", SessionLoader.CpuGraph(model.Folder, has8BitDotProducts: false));
    }

    private Decoder Load(DecoderOptions options) => Decoder.Load(model.Folder, model.Tokenizer, options with { MaxPositions = 64 });

    private static void Complains(Decoder decoder, params string[] parts)
    {
        Assert.Equal("cpu", decoder.Provider);
        Assert.NotNull(decoder.Message);
        Assert.All(parts, part => Assert.Contains(part, decoder.Message, StringComparison.Ordinal));
        Assert.EndsWith("the model runs on the CPU.", decoder.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', decoder.Message);
        Assert.Equal(1, decoder.Read([1, 2, 3], 1, Cancellation).Count); // and it does
    }

    private DecoderSession Session(string graph)
    {
        using var options = new SessionOptions();
        return new DecoderSession(model.Folder, graph, options, [], 64, Decoder.ChunkSize);
    }
}
