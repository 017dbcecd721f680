using System.Collections.Immutable;
using System.Text;
using Strata.Compiler.Templating;
using Strata.Compiler.Text;

namespace Strata.Compiler.Library;

/// <summary>
/// The macros that every project has without installing anything: the files of this folder, one macro each
/// (with its other names). A project's own macro of the same name takes the place of the whole file.
/// </summary>
internal static class MacrosInTheBox
{
    // also what messages show, so that nobody looks for the file in the project
    private const string Folder = "strata/macros/";

    private static readonly Lazy<ImmutableArray<(Template File, ImmutableArray<string> Names)>> All = new(
        Read
    );

    /// <param name="own">The macros of the project.</param>
    public static IEnumerable<Template> Beside(MacroLibrary own) =>
        All.Value.Where(file => !file.Names.Any(name => own.TryGet(name, out _))).Select(file => file.File);

    /// <summary>Whether a file is one of them, and none of the project's, which may be called the same.</summary>
    public static bool Holds(SourceText file) => All.Value.Any(own => ReferenceEquals(own.File.Source, file));

    private static ImmutableArray<(Template File, ImmutableArray<string> Names)> Read()
    {
        var assembly = typeof(MacrosInTheBox).Assembly;
        var files = ImmutableArray.CreateBuilder<(Template, ImmutableArray<string>)>();
        foreach (var name in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            if (!name.StartsWith(Folder, StringComparison.Ordinal))
                continue;
            using var stream = assembly.GetManifestResourceStream(name);
            if (stream is null)
                continue;
            using var reader = new StreamReader(stream, Encoding.UTF8);
            var file = Template.Parse(new SourceText(name, reader.ReadToEnd()));
            files.Add((file, [.. MacroLibrary.Load([file]).Macros.Select(macro => macro.Name)]));
        }
        return files.ToImmutable();
    }
}
