using System.Reflection;
using CodeComplete.Server.Transport;

namespace CodeComplete.Server.Tests.Protocol;

/// <param name="Result">Without its task; <see langword="void"/> where nothing is given back.</param>
internal sealed record Handler(string Method, Type Parameters, Type Result);

/// <summary>Every LSP method that the server handles, found by reflection.</summary>
internal static class Handlers
{
    public static IReadOnlyList<Handler> All { get; } =
    [
        .. typeof(LanguageServer)
            .Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Where(method => method.GetCustomAttribute<LspMethodAttribute>() is not null)
            .Select(method => new Handler(
                method.GetCustomAttribute<LspMethodAttribute>()!.Name,
                method.GetParameters()[0].ParameterType,
                WithoutTask(method.ReturnType)
            )),
    ];

    private static Type WithoutTask(Type type)
    {
        if (type == typeof(Task))
        {
            return typeof(void);
        }

        return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>) ? type.GetGenericArguments()[0] : type;
    }
}
