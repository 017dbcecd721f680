using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Library;
using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Profiles;
using Strata.Compiler.Project.Properties;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Rendering.Functions;
using Strata.Compiler.Templating;
using Strata.Compiler.Text;

namespace Strata.Compiler.Project;

/// <summary>Reads the files of a project and binds each by itself.</summary>
internal sealed class ProjectLoader(
    CompileRequest request,
    FileLoop loop,
    Repeatability repeatability,
    DiagnosticBag diagnostics
)
{
    private const string ProjectFileName = "strata.yml";
    private const string ProfilesFileName = "profiles.yml";

    private readonly string _folder = Path.GetFullPath(request.ProjectFolder);
    private readonly VariableReads _reads = new();
    private SourceText? _profiles;

    /// <summary>Null, after reporting, when there is too little to go on with.</summary>
    public ParsedProject? Load()
    {
        if (!System.IO.File.Exists(Path.Combine(_folder, ProjectFileName)))
        {
            diagnostics.Add(ProjectDiagnostics.ProjectFileNotFound(_folder));
            return null;
        }
        var target = LoadTarget();
        var project = LoadProjectFile(target?.Name ?? request.TargetName);
        if (project is not { Layers.IsEmpty: false, Name: { } name } || target is null)
            return null;
        // it is a part of unique ids, whose parts are separated by dots
        if (name.Text.Any(c => !char.IsLetterOrDigit(c) && c is not ('_' or '-')))
            diagnostics.Add(ProjectDiagnostics.BadName(name.Span, "a project", name.Text));
        var vars = VarsOf(project);
        var functions = new ProjectFunctions(vars, request.Environment, request.RunStartedAt, _reads);
        var templates = TemplatesOf(YamlScope(functions, target.Name));
        var files = ProjectFiles.Discover(_folder, project.Paths);
        var properties = loop.Select(files.Properties, path => ReadProperties(path, templates));
        var macros = ParseAll(files.Macros);
        var generic = ParseAll(files.GenericTests);
        var library = MacroLibrary.Load(macros.Concat(generic).Select(file => file.Template));
        diagnostics.AddRange(library.Diagnostics);
        if (library.HasErrors)
            library = MacroLibrary.Load(
                macros.Concat(generic).Where(file => IsUsable(file, library)).Select(file => file.Template)
            );
        library = MacroLibrary.Load(
            macros
                .Concat(generic)
                .Where(file => IsUsable(file, library))
                .Select(file => file.Template)
                .Concat(MacrosInTheBox.Beside(library))
        );
        var genericPaths = generic.Select(file => file.Source.Path).ToHashSet(StringComparer.Ordinal);
        return new ParsedProject
        {
            Folder = _folder,
            File = project,
            Target = target,
            Models = ParseAll(files.Models),
            Snapshots = ParseAll(files.Snapshots),
            SingularTests = ParseAll(files.SingularTests),
            Seeds = ReadAll(files.Seeds, (path, source) => new ParsedSeed(path, source)),
            Fixtures = ReadAll(files.Fixtures, (path, source) => new ParsedFixture(path, source)),
            Properties = [.. properties.OfType<PropertiesFile>()],
            Macros = library,
            GenericTests =
            [
                .. library
                    .Macros.Where(macro => genericPaths.Contains(macro.Definition.File.Path))
                    .Select(macro => macro.Name),
            ],
            HasAllMacros = macros.Concat(generic).All(file => IsUsable(file, library)) && !library.HasErrors,
            Functions = functions,
            VariableReads = _reads,
            Profiles = _profiles,
            IsComplete = properties.All(file => file is not null),
        };
    }

    private static bool IsUsable(ParsedTemplate file, MacroLibrary library) =>
        !file.Template.HasErrors
        && !library.Diagnostics.Any(diagnostic => diagnostic.IsError && diagnostic.Span?.File == file.Source);

    private TargetProfile? LoadTarget()
    {
        var folder = request.ProfilesFolder is { } other ? Path.GetFullPath(other) : _folder;
        if (!System.IO.File.Exists(Path.Combine(folder, ProfilesFileName)))
        {
            diagnostics.Add(ProjectDiagnostics.ProfilesNotFound(folder));
            return null;
        }
        if (
            ProjectText.Read(folder, ProfilesFileName, diagnostics) is not { } file
            || YamlReader.Read(file, diagnostics) is not { } root
            || !ProfilesFile.Shape.TryBind(
                root,
                ProfilesFileName,
                new YamlContext(diagnostics),
                out var profiles
            )
        )
            return null;
        _profiles = file;
        var functions = new ProjectFunctions(request.Vars, request.Environment, request.RunStartedAt, _reads);
        var templates = TemplatesOf(YamlScope(functions, null));
        return TargetReader.Read(profiles, request.TargetName, templates, diagnostics);
    }

    private ProjectFile? LoadProjectFile(string? targetName)
    {
        if (ProjectText.Read(_folder, ProjectFileName, diagnostics) is not { } file)
            return null;
        var root = YamlReader.Read(file, diagnostics, out var isReadable);
        if (!isReadable)
            return null;
        var functions = new ProjectFunctions(request.Vars, request.Environment, request.RunStartedAt, _reads);
        var templates = TemplatesOf(YamlScope(functions, targetName));
        var context = new YamlContext(diagnostics, templates.Evaluate);
        ProjectFile.Shape.TryBind(
            root ?? new YamlMapping([], file.Span(0, 0)),
            ProjectFileName,
            context,
            out var project
        );
        return project;
    }

    private YamlTemplates TemplatesOf(TemplateScope scope) => new(scope, repeatability.Lose, diagnostics);

    private static TemplateScope YamlScope(ProjectFunctions functions, string? targetName)
    {
        var values = functions
            .Values.Select(function => KeyValuePair.Create(function.Name, (object?)function))
            .ToList();
        if (targetName is not null)
            values.Add(new("target", new Dictionary<string, object?> { ["name"] = targetName }));
        return TemplateScope.Create(values);
    }

    // dbt lets variables stand below the project's name
    private ImmutableSortedDictionary<string, object?> VarsOf(ProjectFile project)
    {
        var vars = project.Vars;
        if (
            project.Name is { } name
            && vars.TryGetValue(name.Text, out var own)
            && own is IReadOnlyDictionary<string, object?> scoped
        )
            vars = vars.Remove(name.Text).SetItems(scoped);
        return vars.SetItems(request.Vars);
    }

    private PropertiesFile? ReadProperties(ProjectPath path, YamlTemplates templates)
    {
        if (ProjectText.Read(_folder, path.Path, diagnostics) is not { } file)
            return null;
        var root = YamlReader.Read(file, diagnostics, out var isReadable);
        if (!isReadable)
            return null;
        if (root is null)
            return new PropertiesFile(file);
        var context = new YamlContext(diagnostics, templates.Evaluate);
        return PropertiesFile.Shape.TryBind(root, Path.GetFileName(path.Path), context, out var properties)
            ? properties
            : null;
    }

    private ImmutableArray<ParsedTemplate> ParseAll(ImmutableArray<ProjectPath> paths) =>
        [.. loop.Select(paths, Parse).OfType<ParsedTemplate>()];

    private ParsedTemplate? Parse(ProjectPath path) =>
        ProjectText.Read(_folder, path.Path, diagnostics) is { } source
            ? new ParsedTemplate(path, Template.Parse(source))
            : null;

    private ImmutableArray<T> ReadAll<T>(
        ImmutableArray<ProjectPath> paths,
        Func<ProjectPath, SourceText, T> parsed
    )
        where T : class =>
        [
            .. loop.Select(
                    paths,
                    path =>
                        ProjectText.Read(_folder, path.Path, diagnostics) is { } source
                            ? parsed(path, source)
                            : null
                )
                .OfType<T>(),
        ];
}
