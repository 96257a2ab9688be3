using CodeComplete.Transformer;

namespace CodeComplete.Engine.Startup;

/// <summary>Finds the model folder: the one that is named, or the shipped one.</summary>
internal static class ModelLocator
{
    public const string DefaultName = "csharp-115m";

    /// <exception cref="ModelException">Neither is there.</exception>
    public static string Find(string? named)
    {
        if (!string.IsNullOrEmpty(named))
        {
            return Path.GetFullPath(named);
        }

        // Beside the program where it is installed; above it where it runs from the repository's build output.
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var model = Path.Combine(folder.FullName, "models", DefaultName);
            if (File.Exists(Path.Combine(model, "config.json")))
            {
                return model;
            }
        }

        throw new ModelException(
            $"There is no folder 'models/{DefaultName}' beside the program or above it: install it again, or name a model folder with --model or the setting 'model'."
        );
    }
}
