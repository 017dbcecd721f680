using System.Collections.Immutable;
using Strata.Cli.Listing;
using Strata.Cli.Output;
using Strata.Compiler.Diagnostics;

namespace Strata.Cli.Compiled;

/// <summary>What <c>strata compile</c> has written and said.</summary>
/// <param name="Plain">Its warnings as they are printed without colours.</param>
/// <param name="Coloured">The same with colours.</param>
/// <param name="Files">Every file that it wrote, or that held already what it would have written: path relative to the artifacts, and stamp.</param>
public sealed record CompiledRecord(
    int Models,
    int Tests,
    string Plain,
    string Coloured,
    ImmutableArray<KeyValuePair<string, FileStamp>> Files
)
{
    public static CompiledRecord Of(
        int models,
        int tests,
        ImmutableArray<Diagnostic> warnings,
        IEnumerable<KeyValuePair<string, FileStamp>> files
    ) => new(models, tests, Print(warnings, Palette.Off), Print(warnings, Palette.On), [.. files]);

    /// <summary>Whether the files are there as they were written.</summary>
    public bool HoldsIn(string folder) =>
        Parallel
            .ForEach(
                Files,
                (file, loop) =>
                {
                    if (FileStamp.Of(Path.Combine(folder, file.Key)) != file.Value)
                        loop.Stop();
                }
            )
            .IsCompleted;

    internal void Write(BinaryWriter writer)
    {
        writer.Write(Models);
        writer.Write(Tests);
        writer.Write(Plain);
        writer.Write(Coloured);
        writer.Write(Files.Length);
        foreach (var (path, stamp) in Files)
        {
            writer.Write(path);
            writer.Write(stamp.Length);
            writer.Write(stamp.Written);
        }
        writer.Write(nameof(CompiledRecord));
    }

    /// <exception cref="IOException">The bytes end too early.</exception>
    internal static CompiledRecord Read(BinaryReader reader)
    {
        var (models, tests) = (reader.ReadInt32(), reader.ReadInt32());
        var (plain, coloured) = (reader.ReadString(), reader.ReadString());
        var files = ImmutableArray.CreateBuilder<KeyValuePair<string, FileStamp>>();
        for (var left = reader.ReadInt32(); left > 0; left--)
            files.Add(new(reader.ReadString(), new FileStamp(reader.ReadInt64(), reader.ReadInt64())));
        return reader.ReadString() == nameof(CompiledRecord)
            ? new CompiledRecord(models, tests, plain, coloured, files.ToImmutable())
            : throw new InvalidDataException("no record of compiled files");
    }

    private static string Print(ImmutableArray<Diagnostic> warnings, Palette palette)
    {
        using var text = new StringWriter();
        new DiagnosticPrinter(text, palette).Print(warnings);
        return text.ToString();
    }
}
