using System.IO.Pipelines;
using System.Text;
using CodeComplete.Server.Transport;
using CsCheck;

namespace CodeComplete.Server.Tests.Transport;

public sealed class FrameReaderTests
{
    [Theory]
    [InlineData("Content-Length: 2\r\n\r\n{}", null)]
    [InlineData("content-length:2\r\n\r\n{}", null)]
    [InlineData("CONTENT-LENGTH:   2  \r\n\r\n{}", null)]
    [InlineData("Content-Length: 2\n\n{}", null)]
    [InlineData("X-Other: 1\r\nContent-Length: 2\r\n\r\n{}", null)]
    [InlineData("Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: 2\r\n\r\n{}", "utf-8")]
    [InlineData("Content-Length: 2\r\ncontent-type: x; Charset=\"utf8\"; y=z\r\n\r\n{}", "utf8")]
    public async Task A_message_is_cut_by_its_header(string bytes, string? charset)
    {
        var reader = Over(bytes);
        var frame = await reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal("{}", Encoding.UTF8.GetString(frame!.Value.Body));
        Assert.Equal(charset, frame.Value.Charset);
        Assert.Null(await reader.ReadAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("Hello\r\n\r\n", "'Hello' is no message header")]
    [InlineData("Content-Type: x\r\n\r\n{}", "no Content-Length")]
    [InlineData("Content-Length: two\r\n\r\n{}", "'two'")]
    [InlineData("Content-Length: -1\r\n\r\n{}", "'-1'")]
    [InlineData("Content-Length: 99999999999\r\n\r\n{}", "'99999999999'")]
    public async Task A_broken_header_is_said_in_one_sentence(string bytes, string said)
    {
        var e = await Assert.ThrowsAsync<BadHeaderException>(async () => await Over(bytes).ReadAsync(default));
        Assert.Contains(said, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public async Task A_stream_that_is_no_protocol_at_all_is_not_read_for_ever() =>
        await Assert.ThrowsAsync<BadHeaderException>(async () => await Over(new string('x', 100_000)).ReadAsync(default));

    [Theory]
    [InlineData("")]
    [InlineData("Content-Length: 2\r\n")]
    [InlineData("Content-Length: 2\r\n\r\n{")]
    public async Task A_stream_that_ends_early_has_no_message(string bytes) => Assert.Null(await Over(bytes).ReadAsync(default));

    [Fact]
    public async Task However_the_bytes_arrive_the_messages_are_the_same()
    {
        await Gen.Select(Gen.String[0, 300].Array[1, 6], Gen.Int[1, 40])
            .SampleAsync(
                async (bodies, step) =>
                {
                    var bytes = bodies.SelectMany(body => Framed(Encoding.UTF8.GetBytes(body))).ToArray();
                    var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
                    var reader = new FrameReader(pipe.Reader.AsStream());
                    for (var at = 0; at < bytes.Length; at += step)
                    {
                        await pipe.Writer.WriteAsync(bytes.AsMemory(at, Math.Min(step, bytes.Length - at)));
                    }

                    await pipe.Writer.CompleteAsync();
                    foreach (var body in bodies)
                    {
                        var frame = await reader.ReadAsync(default);
                        Assert.Equal(Encoding.UTF8.GetBytes(body), frame!.Value.Body);
                    }

                    Assert.Null(await reader.ReadAsync(default));
                },
                iter: 50
            );
    }

    private static byte[] Framed(byte[] body) => [.. Encoding.ASCII.GetBytes($"Content-Length: {body.Length}\r\n\r\n"), .. body];

    private static FrameReader Over(string bytes) => new(new MemoryStream(Encoding.UTF8.GetBytes(bytes)));
}
