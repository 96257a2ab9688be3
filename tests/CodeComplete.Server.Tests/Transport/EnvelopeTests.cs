using System.Text;
using System.Text.Json;
using CodeComplete.Server.Transport;
using CsCheck;

namespace CodeComplete.Server.Tests.Transport;

public sealed class EnvelopeTests
{
    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"m","params":{}}""", "Request")]
    [InlineData("""{"jsonrpc":"2.0","id":"a","method":"m","params":[1]}""", "Request")]
    [InlineData("""{"id":1,"method":"m","params":{}}""", "Request")]
    [InlineData("""{"jsonrpc":"2.0","method":"m","params":{}}""", "Notification")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":null}""", "Response")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}}""", "Response")]
    public void A_message_is_told_by_its_members(string body, string kind)
    {
        var envelope = Open(body);
        Assert.Equal(kind, envelope.Kind.ToString());
        Assert.Equal(body, Encoding.UTF8.GetString(envelope.Body.Span));
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"m","params":null}""")]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"m"}""")]
    public void No_params_become_an_empty_object(string body)
    {
        var envelope = Open(body);
        Assert.Equal("""{"jsonrpc":"2.0","id":7,"method":"m","params":{}}""", Encoding.UTF8.GetString(envelope.Body.Span));
    }

    [Theory]
    [InlineData("""{"id":1,"error":null}""")]
    [InlineData("""{"id":1,"error":{}}""")]
    [InlineData("""{"id":1,"error":{"code":"x","message":"y"}}""")]
    public void A_malformed_error_still_ends_the_request_it_answers(string body)
    {
        var envelope = Open(body);
        Assert.Equal(EnvelopeKind.Response, envelope.Kind);
        using var usable = JsonDocument.Parse(envelope.Body);
        Assert.Equal(1, usable.RootElement.GetProperty("id").GetInt32());
        Assert.Equal(-32603, usable.RootElement.GetProperty("error").GetProperty("code").GetInt32());
    }

    [Theory]
    [InlineData("", -32700)]
    [InlineData("{", -32700)]
    [InlineData("{} {}", -32700)]
    [InlineData("hello", -32700)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"m"} x""", -32700)]
    [InlineData("[]", -32600)]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"method":"m"}]""", -32600)]
    [InlineData("1", -32600)]
    [InlineData("null", -32600)]
    [InlineData("{}", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1}""", -32600)]
    [InlineData("""{"jsonrpc":"1.0","id":1,"method":"m"}""", -32600)]
    [InlineData("""{"jsonrpc":2,"id":1,"method":"m"}""", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":5}""", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":""}""", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":{},"method":"m"}""", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1.5,"method":"m"}""", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":null,"method":"m"}""", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"m","traceparent":1}""", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"m","params":"x"}""", -32602)]
    public void What_is_no_message_is_named(string body, int code)
    {
        var envelope = Open(body);
        Assert.Equal(EnvelopeKind.Invalid, envelope.Kind);
        Assert.Equal(code, envelope.ErrorCode);
        Assert.NotEmpty(envelope.Problem);
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_no_message()
    {
        byte[] body = [.. "{\"id\":1,\"method\":\""u8, 0xC3, 0x28, .. "\"}"u8];
        Assert.Equal(-32700, Envelope.Open(body).ErrorCode);
    }

    [Fact]
    public void No_bytes_whatever_throw()
    {
        var parts = """{ } [ ] , : "id" "method" "params" "result" "error" null 1 "\ud800" 1e999""".Split(' ');
        Gen.Int[0, parts.Length - 1]
            .Array[0, 12]
            .Sample(picks => Open(string.Concat(picks.Select(pick => parts[pick]))).Problem is not null);
        Gen.Byte.Array[0, 60].Sample(body => Envelope.Open(body).Problem is not null);
    }

    private static Envelope Open(string body) => Envelope.Open(Encoding.UTF8.GetBytes(body));
}
