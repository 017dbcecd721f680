using System.Collections.Immutable;
using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Profiles;
using Strata.Compiler.Project.Properties;
using Strata.Compiler.Rendering.Functions;
using Strata.Compiler.Templating;
using Strata.Compiler.Text;

namespace Strata.Compiler.Project;

/// <summary>The project's files, read, parsed and bound, but not yet related to each other.</summary>
internal sealed record ParsedProject
{
    /// <summary>Absolute.</summary>
    public required string Folder { get; init; }

    public required ProjectFile File { get; init; }

    public required TargetProfile Target { get; init; }

    public ImmutableArray<ParsedTemplate> Models { get; init; } = [];

    /// <summary>Those that have a file of their own.</summary>
    public ImmutableArray<ParsedTemplate> Snapshots { get; init; } = [];

    public ImmutableArray<ParsedTemplate> SingularTests { get; init; } = [];

    public ImmutableArray<ParsedSeed> Seeds { get; init; } = [];

    /// <summary>Files with rows of unit tests.</summary>
    public ImmutableArray<ParsedFixture> Fixtures { get; init; } = [];

    public ImmutableArray<PropertiesFile> Properties { get; init; } = [];

    /// <summary>The macros and the tests written as functions.</summary>
    public required MacroLibrary Macros { get; init; }

    /// <summary>Which of them are tests.</summary>
    public ImmutableHashSet<string> GenericTests { get; init; } = [];

    /// <summary>False when a macro file has errors, so that a macro may seem to be missing that is not.</summary>
    public bool HasAllMacros { get; init; }

    /// <summary>Variables and their like.</summary>
    public required ProjectFunctions Functions { get; init; }

    /// <summary>The variables that templates have asked for so far.</summary>
    public required VariableReads VariableReads { get; init; }

    /// <summary>profiles.yml.</summary>
    public SourceText? Profiles { get; init; }

    /// <summary>False when a file could not be read, so that something may seem to be missing that is not.</summary>
    public bool IsComplete { get; init; }

    public string Name => File.Name?.Text ?? "";
}

internal sealed record ParsedTemplate(ProjectPath Path, Template Template)
{
    /// <summary>The file's name without its ending, unless the file gives another.</summary>
    public string Name { get; init; } = Path.Name;

    /// <summary>Where the template is written, if that is not a file of its own.</summary>
    public SourceSpan? Place { get; init; }

    public SourceText Source => Template.Source;
}

internal sealed record ParsedSeed(ProjectPath Path, SourceText Source)
{
    public string Name => Path.Name;
}

internal sealed record ParsedFixture(ProjectPath Path, SourceText Source)
{
    public string Name => Path.Name;

    public bool IsSql => Path.Extension == ".sql";
}
