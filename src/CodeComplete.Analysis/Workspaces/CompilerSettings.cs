using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CodeComplete.Analysis;

/// <summary>What a project asks of the compiler, as plain data: Roslyn's own options cannot be written to a file.</summary>
internal sealed record CompilerSettings
{
    public required OutputKind Output { get; init; }
    public string? ModuleName { get; init; }
    public string? MainType { get; init; }
    public string? ScriptClass { get; init; }
    public ImmutableArray<string> Usings { get; init; } = [];
    public required OptimizationLevel Optimization { get; init; }
    public required bool ChecksOverflow { get; init; }
    public required bool AllowsUnsafe { get; init; }
    public string? KeyContainer { get; init; }
    public string? KeyFile { get; init; }
    public ImmutableArray<byte> PublicKey { get; init; } = [];
    public bool? DelaysSigning { get; init; }
    public required bool SignsPublicly { get; init; }
    public required Platform Platform { get; init; }
    public required ReportDiagnostic Diagnostics { get; init; }
    public required int WarningLevel { get; init; }

    /// <summary>By name, so that two that say the same are written alike.</summary>
    public required SortedDictionary<string, ReportDiagnostic> Diagnostic { get; init; }
    public required bool ReportsSuppressed { get; init; }
    public required bool IsConcurrent { get; init; }
    public required bool IsDeterministic { get; init; }
    public required MetadataImportOptions Imports { get; init; }
    public required NullableContextOptions Nullable { get; init; }

    public required LanguageVersion Language { get; init; }
    public required DocumentationMode Documentation { get; init; }
    public required SourceCodeKind Kind { get; init; }
    public ImmutableArray<string> Symbols { get; init; } = [];
    public required SortedDictionary<string, string> Features { get; init; }

    public static CompilerSettings Of(CSharpCompilationOptions compilation, CSharpParseOptions parse) =>
        new()
        {
            Output = compilation.OutputKind,
            ModuleName = compilation.ModuleName,
            MainType = compilation.MainTypeName,
            ScriptClass = compilation.ScriptClassName,
            Usings = compilation.Usings,
            Optimization = compilation.OptimizationLevel,
            ChecksOverflow = compilation.CheckOverflow,
            AllowsUnsafe = compilation.AllowUnsafe,
            KeyContainer = compilation.CryptoKeyContainer,
            KeyFile = compilation.CryptoKeyFile,
            PublicKey = compilation.CryptoPublicKey,
            DelaysSigning = compilation.DelaySign,
            SignsPublicly = compilation.PublicSign,
            Platform = compilation.Platform,
            Diagnostics = compilation.GeneralDiagnosticOption,
            WarningLevel = compilation.WarningLevel,
            Diagnostic = new(compilation.SpecificDiagnosticOptions.ToDictionary(), StringComparer.Ordinal),
            ReportsSuppressed = compilation.ReportSuppressedDiagnostics,
            IsConcurrent = compilation.ConcurrentBuild,
            IsDeterministic = compilation.Deterministic,
            Imports = compilation.MetadataImportOptions,
            Nullable = compilation.NullableContextOptions,
            Language = parse.SpecifiedLanguageVersion,
            Documentation = parse.DocumentationMode,
            Kind = parse.Kind,
            Symbols = [.. parse.PreprocessorSymbolNames],
            Features = new(parse.Features.ToDictionary(), StringComparer.Ordinal),
        };

    /// <param name="folder">The project's: what is written relative is relative to it.</param>
    public CSharpCompilationOptions Compilation(string folder) =>
        new(
            Output,
            reportSuppressedDiagnostics: ReportsSuppressed,
            moduleName: ModuleName,
            mainTypeName: MainType,
            scriptClassName: ScriptClass,
            usings: Usings,
            optimizationLevel: Optimization,
            checkOverflow: ChecksOverflow,
            allowUnsafe: AllowsUnsafe,
            cryptoKeyContainer: KeyContainer,
            cryptoKeyFile: KeyFile,
            cryptoPublicKey: PublicKey,
            delaySign: DelaysSigning,
            platform: Platform,
            generalDiagnosticOption: Diagnostics,
            warningLevel: WarningLevel,
            specificDiagnosticOptions: Diagnostic,
            concurrentBuild: IsConcurrent,
            deterministic: IsDeterministic,
            xmlReferenceResolver: new XmlFileResolver(folder),
            sourceReferenceResolver: new SourceFileResolver([], folder),
            assemblyIdentityComparer: DesktopAssemblyIdentityComparer.Default,
            // Whose internals may be seen depends on the key.
            strongNameProvider: new DesktopStrongNameProvider([folder]),
            publicSign: SignsPublicly,
            metadataImportOptions: Imports,
            nullableContextOptions: Nullable
        );

    public CSharpParseOptions Parse() => new CSharpParseOptions(Language, Documentation, Kind, Symbols).WithFeatures(Features);
}
