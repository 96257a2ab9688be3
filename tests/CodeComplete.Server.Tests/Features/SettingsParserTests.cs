using System.Text.Json;
using CodeComplete.Engine;
using CodeComplete.Server.Features.Configuration;
using Microsoft.Extensions.Logging;

namespace CodeComplete.Server.Tests.Features;

public sealed class SettingsParserTests
{
    private static readonly EngineSettings All = new()
    {
        List = ListMode.Starred,
        GhostEnabled = false,
        GhostMultiline = false,
        Unverified = UnverifiedMode.Show,
        Provider = "cpu",
        ProviderLibrary = "/lib/ep.so",
        Model = "/models/mine",
        Threads = 3,
        MemoryEnabled = false,
        MemoryDiskMb = 512,
        RemoteUrl = "http://localhost:8000/v1",
        RemoteKeyEnv = "MY_KEY",
        Exclude = ["**/gen/**", "*.g.cs"],
        TargetFramework = "net8.0",
        LogLevel = LogLevel.Debug,
    };

    [Theory]
    [InlineData(
        """
            {"list":"starred","ghost":{"enabled":false,"multiline":false},"unverified":"show","provider":"cpu","providerLibrary":"/lib/ep.so",
             "model":"/models/mine","threads":3,"memory":{"enabled":false,"diskMb":512},"remote":{"url":"http://localhost:8000/v1","keyEnv":"MY_KEY"},"exclude":["**/gen/**","*.g.cs"],"targetFramework":"net8.0","log":{"level":"debug"}}
            """
    )]
    [InlineData(
        """
            {"list":"starred","ghost.enabled":false,"ghost.multiline":false,"unverified":"show","provider":"cpu","providerLibrary":"/lib/ep.so",
             "model":"/models/mine","threads":3,"memory.enabled":false,"memory.diskMb":512,"remote.url":"http://localhost:8000/v1","remote.keyEnv":"MY_KEY","exclude":["**/gen/**","*.g.cs"],"targetFramework":"net8.0","log.level":"debug"}
            """
    )]
    [InlineData(
        """
            {"editor":{"tabSize":4},"codecomplete":{"list":"starred","ghost":{"enabled":false},"ghost.multiline":false,"unverified":"show",
             "provider":"cpu","providerLibrary":"/lib/ep.so","model":"/models/mine","threads":3,"memory":{"enabled":false,"diskMb":512},"remote":{"url":"http://localhost:8000/v1","keyEnv":"MY_KEY"},"exclude":["**/gen/**","*.g.cs"],"targetFramework":"net8.0","log":{"level":"debug"}}}
            """
    )]
    [InlineData(
        """
            {"codecomplete.list":"starred","codecomplete.ghost":{"enabled":false},"codecomplete.ghost.multiline":false,"codecomplete.unverified":"show",
             "codecomplete.provider":"cpu","codecomplete.providerLibrary":"/lib/ep.so","codecomplete.model":"/models/mine","codecomplete.threads":3,
             "codecomplete.memory.enabled":false,"codecomplete.memory.diskMb":512,"codecomplete.remote":{"url":"http://localhost:8000/v1"},"codecomplete.remote.keyEnv":"MY_KEY","codecomplete.exclude":["**/gen/**","*.g.cs"],"codecomplete.targetFramework":"net8.0","codecomplete.log.level":"debug"}
            """
    )]
    public void Settings_may_be_nested_or_flat(string json)
    {
        var (settings, problems) = Parse(json);
        Assert.Empty(problems);
        Assert.True(SettingsParser.AreEqual(All, settings), settings.ToString());
    }

    [Theory]
    [InlineData(
        """{"list":"some"}""",
        "The setting 'codecomplete.list' must be \"full\", \"starred\", \"off\", not \"some\"; it was ignored."
    )]
    [InlineData("""{"list":true}""", "The setting 'codecomplete.list' must be \"full\", \"starred\", \"off\", not true; it was ignored.")]
    [InlineData(
        """{"ghost":{"enabled":"no"}}""",
        "The setting 'codecomplete.ghost.enabled' must be true or false, not \"no\"; it was ignored."
    )]
    [InlineData("""{"ghost":true}""", "There is no setting 'codecomplete.ghost'; check its spelling.")]
    [InlineData("""{"threads":-1}""", "The setting 'codecomplete.threads' must be a whole number from 0, not -1; it was ignored.")]
    [InlineData("""{"threads":1.5}""", "The setting 'codecomplete.threads' must be a whole number from 0, not 1.5; it was ignored.")]
    [InlineData(
        """{"memory":{"diskMb":15}}""",
        "The setting 'codecomplete.memory.diskMb' must be a whole number of MB from 16 to 65536, not 15; it was ignored."
    )]
    [InlineData(
        """{"memory":{"diskMb":65537}}""",
        "The setting 'codecomplete.memory.diskMb' must be a whole number of MB from 16 to 65536, not 65537; it was ignored."
    )]
    [InlineData(
        """{"memory":{"diskMb":"256"}}""",
        "The setting 'codecomplete.memory.diskMb' must be a whole number of MB from 16 to 65536, not \"256\"; it was ignored."
    )]
    [InlineData("""{"exclude":"*.cs"}""", "The setting 'codecomplete.exclude' must be a list of globs, not \"*.cs\"; it was ignored.")]
    [InlineData("""{"exclude":[1]}""", "The setting 'codecomplete.exclude' must be a list of globs, not [1]; it was ignored.")]
    [InlineData(
        """{"targetFramework":8}""",
        "The setting 'codecomplete.targetFramework' must be the name of a framework, like \"net8.0\", not 8; it was ignored."
    )]
    [InlineData("""{"model":5}""", "The setting 'codecomplete.model' must be the path of a folder, not 5; it was ignored.")]
    [InlineData(
        """{"log":{"level":"loud"}}""",
        "The setting 'codecomplete.log.level' must be \"off\", \"error\", \"warning\", \"info\", \"debug\", \"trace\", not \"loud\"; it was ignored."
    )]
    [InlineData("""{"colour":"red"}""", "There is no setting 'codecomplete.colour'; check its spelling.")]
    [InlineData("5", "The settings of 'codecomplete' must be a JSON object.")]
    public void A_wrong_setting_is_said_in_one_sentence(string json, string said)
    {
        var (settings, problems) = Parse(json);
        Assert.Equal(said, Assert.Single(problems));
        Assert.Equal(EngineSettings.Default, settings);
    }

    [Fact]
    public void A_wrong_setting_does_not_spoil_the_others()
    {
        var (settings, problems) = Parse("""{"list":"none","threads":2,"x":1,"ghost":{"enabled":0,"multiline":false}}""");
        Assert.Equal(3, problems.Count);
        Assert.Equal(EngineSettings.Default with { Threads = 2, GhostMultiline = false }, settings);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"list":null,"ghost":null,"memory":{"enabled":null},"exclude":null}""")]
    [InlineData("""{"model":"","providerLibrary":"","targetFramework":"","trace":{"server":"off"},"remote":{"url":"","keyEnv":""}}""")]
    public void What_is_not_set_keeps_its_value(string json)
    {
        var (settings, problems) = Parse(json);
        Assert.Empty(problems);
        Assert.Equal(EngineSettings.Default, settings);
    }

    [Theory]
    [InlineData("""{"remote":{"url":"http://me:sk-secret@host/"}}""", "remote.url")]
    [InlineData("""{"remote":{"url":"sk-secret"}}""", "remote.url")]
    [InlineData("""{"remote":{"keyEnv":"sk-secret"}}""", "remote.keyEnv")]
    [InlineData("""{"remote":{"keyEnv":["sk-secret"]}}""", "remote.keyEnv")]
    public void What_may_be_a_secret_is_not_repeated(string json, string name)
    {
        var (settings, problems) = Parse(json);

        var problem = Assert.Single(problems);
        Assert.StartsWith($"The setting 'codecomplete.{name}' must be ", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem, StringComparison.Ordinal);
        Assert.Equal(EngineSettings.Default, settings);
    }

    [Fact]
    public void Settings_are_compared_by_value()
    {
        Assert.True(SettingsParser.AreEqual(All, All with { Exclude = ["**/gen/**", "*.g.cs"] }));
        Assert.False(SettingsParser.AreEqual(All, All with { Exclude = ["**/gen/**"] }));
        Assert.False(SettingsParser.AreEqual(All, All with { Threads = 4 }));
    }

    private static (EngineSettings Settings, IReadOnlyList<string> Problems) Parse(string json) =>
        SettingsParser.Parse(JsonSerializer.Deserialize<JsonElement>(json), EngineSettings.Default);
}
