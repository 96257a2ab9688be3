using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CodeComplete.Server.Protocol;
using CodeComplete.Server.Transport;
using CsCheck;

namespace CodeComplete.Server.Tests.Transport;

public sealed class ConverterTests
{
    /// <param name="escapedText">Escaped once more, since an attribute cannot hold half a pair.</param>
    [Theory]
    [InlineData("""{"text":"half \ud83d"}""", @"half \ud83d")]
    [InlineData("""{"text":"\ude00 half\n\t\"\\\/\u0041é"}""", @"\ude00 half\n\t""\\/Aé")]
    [InlineData("""{"text":"\ud83d\ude00"}""", "😀")]
    [InlineData("""{"text":""}""", "")]
    public void Text_may_hold_half_of_a_surrogate_pair(string json, string escapedText) =>
        Assert.Equal(Regex.Unescape(escapedText), Read<TextDocumentContentChangeEvent>(json).Text);

    [Fact]
    public void Any_text_comes_through_whole()
    {
        // Escaped as JavaScript's JSON.stringify does: lone halves as \uXXXX, the rest as it is.
        Gen.String.Sample(text => Assert.Equal(text, Read<TextDocumentContentChangeEvent>($$"""{"text":"{{Escaped(text)}}"}""").Text));
    }

    [Theory]
    [InlineData("3", 3)]
    [InlineData("3.0", 3)]
    [InlineData("-1", -1)]
    [InlineData("4294967295", int.MaxValue)]
    [InlineData("9007199254740991", int.MaxValue)]
    [InlineData("1e300", int.MaxValue)]
    [InlineData("-1e300", int.MinValue)]
    public void A_number_is_taken_to_the_nearest_that_fits(string number, int read) =>
        Assert.Equal(read, Read<Position>($$"""{"line":{{number}},"character":0}""").Line);

    [Theory]
    [InlineData("""{"line":1}""")]
    [InlineData("""{"line":"1","character":0}""")]
    [InlineData("""{"line":null,"character":0}""")]
    public void A_position_has_two_numbers(string json) => Assert.Throws<JsonException>(() => Read<Position>(json));

    [Theory]
    [InlineData("""{"textDocument":{"uri":null},"position":{"line":1,"character":0}}""")]
    [InlineData("""{"textDocument":null,"position":{"line":1,"character":0}}""")]
    public void A_null_where_a_value_is_promised_is_refused(string json) =>
        Assert.Throws<JsonException>(() => Read<CompletionParams>(json));

    private static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, LspJson.Options)!;

    private static string Escaped(string text)
    {
        var json = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                json.Append(c).Append(text[++i]);
            }
            else if (c < ' ' || c is '"' or '\\' || char.IsSurrogate(c))
            {
                json.Append($"\\u{(int)c:x4}");
            }
            else
            {
                json.Append(c);
            }
        }

        return json.ToString();
    }
}
