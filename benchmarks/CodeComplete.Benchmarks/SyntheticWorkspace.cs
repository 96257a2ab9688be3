using System.Globalization;
using System.Text;

namespace CodeComplete.Benchmarks;

/// <summary>
/// A project of plausible C# of any size, the same for the same seed: classes of some sixty lines in folders of forty, whose methods call
/// those of classes before them. Names are put together from words drawn by Zipf's law, as identifiers are; it compiles.
/// </summary>
internal sealed class SyntheticWorkspace
{
    private const int FilesInFolder = 40;
    private const int MostDependencies = 3;

    private static readonly string[] Nouns = (
        "order invoice customer line item price total address payment account product stock warehouse shipment parcel carrier route driver "
        + "vehicle depot shelf pallet label barcode catalog category discount coupon campaign budget ledger entry journal balance currency rate "
        + "tax region country city street contact email phone message template queue worker batch schedule calendar shift employee salary contract "
        + "supplier vendor quote offer bid tender project task milestone report chart metric alert event log audit session token policy role "
        + "permission group tenant plan quota usage meter reading sensor device gateway channel stream packet frame buffer cache index segment page "
        + "block chunk record field column table row view query filter rule condition action trigger state transition workflow step stage signal "
        + "patient visit doctor clinic ward bed dose drug allergy symptom record lab sample result panel image scan note referral claim insurer "
        + "premium risk asset liability fund share bond option trade position portfolio broker market auction lot bidder ticket seat venue concert "
        + "artist track album playlist genre review rating comment author book chapter edition publisher library loan member fine reservation"
    )
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Distinct()
        .ToArray();

    private static readonly string[] Verbs = (
        "compute apply merge split find load store update remove append validate format parse resolve assign release reserve cancel confirm "
        + "dispatch collect refresh rebuild estimate compare count sum select project convert normalize round limit extend close open import export"
    ).Split(' ');

    private static readonly string[] Roles =
    [
        "Service",
        "Repository",
        "Calculator",
        "Policy",
        "Builder",
        "Mapper",
        "Tracker",
        "Planner",
        "Monitor",
        "Registry",
    ];

    private readonly Random _random;
    private readonly double[] _zipf;
    private readonly HashSet<string> _classNames = new(StringComparer.Ordinal);
    private readonly List<SyntheticClass> _classes = [];

    public SyntheticWorkspace(int files, int seed = 1)
    {
        _random = new Random(seed);
        _zipf = new double[Nouns.Length];
        for (var rank = 0; rank < _zipf.Length; rank++)
        {
            _zipf[rank] = (rank == 0 ? 0 : _zipf[rank - 1]) + (1.0 / (rank + 2));
        }

        for (var file = 0; file < files; file++)
        {
            _classes.Add(Draw(file));
        }
    }

    public int Count => _classes.Count;

    /// <summary>The path of a file, relative, with <c>/</c>.</summary>
    public string Path(int file) => $"src/{_classes[file].Folder}/{_classes[file].Name}.cs";

    /// <summary>The text of a file. With another <paramref name="edit"/> some lines of it differ, as after someone typed there.</summary>
    public string Text(int file, int edit = 0) => Write(_classes[file], edit);

    /// <summary>Writes all files and their project.</summary>
    public void WriteTo(string folder)
    {
        for (var file = 0; file < Count; file++)
        {
            var path = System.IO.Path.Combine(folder, Path(file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            File.WriteAllText(path, Text(file));
        }

        File.WriteAllText(
            System.IO.Path.Combine(folder, "Synthetic.csproj"),
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
              </PropertyGroup>
            </Project>
            """
        );
    }

    private static string Pascal(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private string Noun()
    {
        var at = Array.BinarySearch(_zipf, _random.NextDouble() * _zipf[^1]);
        return Nouns[Math.Min(at < 0 ? ~at : at, Nouns.Length - 1)];
    }

    private SyntheticClass Draw(int number)
    {
        var name = Pascal(Noun()) + Pascal(Noun()) + Roles[_random.Next(Roles.Length)];
        while (!_classNames.Add(name))
        {
            name = Pascal(Noun()) + name;
        }

        var dependencies = new List<SyntheticClass>();
        for (var left = Math.Min(number, _random.Next(MostDependencies + 1)); left > 0; left--)
        {
            // Most of what a class needs is near it.
            var other = _classes[Math.Max(0, number - 1 - (int)(Math.Pow(_random.NextDouble(), 3) * number))];
            if (!dependencies.Contains(other))
            {
                dependencies.Add(other);
            }
        }

        var methods = new List<string>();
        for (var left = _random.Next(4, 8); left > 0; left--)
        {
            var method = Pascal(Verbs[_random.Next(Verbs.Length)]) + Pascal(Noun()) + (_random.Next(3) == 0 ? Pascal(Noun()) : "");
            if (!methods.Contains(method))
            {
                methods.Add(method);
            }
        }

        var properties = new[] { Pascal(Noun()) + "Limit", Pascal(Noun()) + "Name" };
        return new SyntheticClass($"Area{number / FilesInFolder:000}", name, dependencies, methods, properties, _random.Next());
    }

    private static string Write(SyntheticClass type, int edit)
    {
        var random = new Random(type.Seed);
        var code = new StringBuilder();
        foreach (var space in type.Dependencies.Select(other => other.Folder).Where(space => space != type.Folder).Distinct())
        {
            code.Append(CultureInfo.InvariantCulture, $"using Synthetic.{space};\n");
        }

        code.Append(CultureInfo.InvariantCulture, $"\nnamespace Synthetic.{type.Folder};\n\npublic sealed class {type.Name}\n{{\n");
        foreach (var other in type.Dependencies)
        {
            code.Append(CultureInfo.InvariantCulture, $"    private readonly {other.Name} _{Camel(other.Name)} = new();\n");
        }

        code.Append(CultureInfo.InvariantCulture, $"    private readonly List<int> _{Camel(type.Properties[0])}Values = [];\n\n");
        code.Append(CultureInfo.InvariantCulture, $"    public int {type.Properties[0]} {{ get; set; }} = {random.Next(1000)};\n\n");
        code.Append(CultureInfo.InvariantCulture, $"    public string {type.Properties[1]} {{ get; set; }} = nameof({type.Name});\n");
        for (var method = 0; method < type.Methods.Count; method++)
        {
            WriteMethod(code, type, method, random, edit);
        }

        return code.Append("}\n").ToString();
    }

    private static void WriteMethod(StringBuilder code, SyntheticClass type, int method, Random random, int edit)
    {
        var first = Nouns[random.Next(Nouns.Length)];
        var second = Nouns[random.Next(Nouns.Length)] + "Count";
        var local = Nouns[random.Next(Nouns.Length)] + "Sum" + (edit > 0 && method == edit % type.Methods.Count ? $"{edit}" : "");
        var values = $"_{Camel(type.Properties[0])}Values";
        code.Append(CultureInfo.InvariantCulture, $"\n    public int {type.Methods[method]}(int {first}Id, int {second})\n    {{\n");
        code.Append(CultureInfo.InvariantCulture, $"        var {local} = {first}Id + {type.Properties[0]};\n");
        if (type.Dependencies.Count > 0)
        {
            var other = type.Dependencies[random.Next(type.Dependencies.Count)];
            var called = other.Methods[random.Next(other.Methods.Count)];
            code.Append(CultureInfo.InvariantCulture, $"        {local} += _{Camel(other.Name)}.{called}({second}, {local});\n");
        }

        switch (random.Next(3))
        {
            case 0:
                code.Append(CultureInfo.InvariantCulture, $"        foreach (var {first}Value in {values})\n        {{\n");
                code.Append(CultureInfo.InvariantCulture, $"            {local} += {first}Value * {second};\n        }}\n");
                break;
            case 1:
                code.Append(
                    CultureInfo.InvariantCulture,
                    $"        if ({local} > {type.Properties[0]} && {second} > {random.Next(100)})\n        {{\n"
                );
                code.Append(
                    CultureInfo.InvariantCulture,
                    $"            {values}.Add({local});\n            return {second};\n        }}\n"
                );
                break;
            default:
                code.Append(
                    CultureInfo.InvariantCulture,
                    $"        {local} = Math.Max({local}, {type.Properties[1]}.Length + {second});\n"
                );
                break;
        }

        code.Append(CultureInfo.InvariantCulture, $"\n        return {local};\n    }}\n");
    }

    private sealed record SyntheticClass(
        string Folder,
        string Name,
        IReadOnlyList<SyntheticClass> Dependencies,
        IReadOnlyList<string> Methods,
        string[] Properties,
        int Seed
    );
}
