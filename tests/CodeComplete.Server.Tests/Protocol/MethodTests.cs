using System.Reflection;
using System.Text.Json;
using CodeComplete.Server.Features.Cursor;
using CodeComplete.Server.Features.Initialize;
using CodeComplete.Server.Features.WatchedFiles;
using CodeComplete.Server.Protocol;

namespace CodeComplete.Server.Tests.Protocol;

/// <summary>Every method that the server handles or calls against LSP's own description.</summary>
public sealed class MethodTests
{
    /// <summary>Not LSP's: clients made for Copilot's language server send the first two, our own the last.</summary>
    private static readonly string[] Others =
    [
        "textDocument/didShowCompletion",
        "textDocument/didPartiallyAcceptCompletion",
        CursorHandler.Method,
    ];

    public static TheoryData<string> Handled => [.. Handlers.All.Select(handler => handler.Method).Except(Others)];

    public static TheoryData<string> Called =>
        [
            .. typeof(ClientMethods)
                .GetFields()
                .Select(constant => (string)constant.GetRawConstantValue()!)
                .Where(method => method != ClientMethods.Status),
        ];

    public static TheoryData<string> Capabilities =>
        [
            .. typeof(ClientCapability)
                .GetFields(BindingFlags.Public | BindingFlags.Static)
                .Where(constant => constant.IsLiteral)
                .Select(constant => (string)constant.GetRawConstantValue()!),
        ];

    [Theory]
    [MemberData(nameof(Handled))]
    public void A_handled_method_is_LSPs_and_comes_from_the_client(string method)
    {
        var handler = Handlers.All.Single(handler => handler.Method == method);
        var isRequest = MetaModel.Lsp.Requests.TryGetValue(method, out var message);
        Assert.True(isRequest || MetaModel.Lsp.Notifications.TryGetValue(method, out message), $"LSP 3.18 has no '{method}'.");
        Assert.Contains(message.GetProperty("messageDirection").GetString(), new[] { "clientToServer", "both" });
        if (message.TryGetProperty("params", out var parameters))
        {
            Assert.True(MetaTypes.Fits(parameters, handler.Parameters), $"'{method}' takes {parameters}, not {handler.Parameters}.");
        }
        else
        {
            Assert.Equal(typeof(JsonElement), handler.Parameters);
        }

        if (!isRequest)
        {
            Assert.Equal(typeof(void), handler.Result);
        }
        else if (handler.Result != typeof(void))
        {
            Assert.True(MetaTypes.Fits(message.GetProperty("result"), handler.Result), $"'{method}' gives {handler.Result}.");
        }
        else
        {
            Assert.Equal("null", MetaModel.NameOf(message.GetProperty("result")));
        }
    }

    [Theory]
    [MemberData(nameof(Called))]
    public void A_called_method_is_LSPs_and_goes_to_the_client(string method)
    {
        Assert.True(
            MetaModel.Lsp.Requests.TryGetValue(method, out var message) || MetaModel.Lsp.Notifications.TryGetValue(method, out message),
            $"LSP 3.18 has no '{method}'."
        );
        Assert.Contains(message.GetProperty("messageDirection").GetString(), new[] { "serverToClient", "both" });
    }

    [Theory]
    [MemberData(nameof(Capabilities))]
    public void A_capability_stands_where_it_is_looked_for(string path)
    {
        var structure = "ClientCapabilities";
        foreach (var name in path.Split('.'))
        {
            var properties = MetaModel.Lsp.PropertiesOf(structure);
            Assert.True(properties is not null && properties.ContainsKey(name), $"LSP's {structure} has no '{name}'.");
            var type = properties[name].Type;
            structure = MetaModel.KindOf(type) == "array" ? "array" : MetaModel.NameOf(type);
        }

        Assert.Contains(structure, new[] { "boolean", "array" });
    }

    [Fact]
    public void A_registered_method_takes_the_options_that_are_sent()
    {
        foreach (
            var registration in new[] { WatchedFilesHandler.Registration, Server.Features.Configuration.ConfigurationHandler.Registration }
        )
        {
            var options = MetaModel.Lsp.Notifications[registration.Method].GetProperty("registrationOptions");
            Assert.Equal(MetaModel.NameOf(options), registration.RegisterOptions!.GetType().Name);
        }
    }
}
