using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Strata.Compiler.Manifest;
using Strata.Runner.UnitTests.Capture;

namespace Strata.Cli.Commands.UnitTests;

/// <summary>The files of a captured unit test: a YAML file beside the model, and csv files in tests/fixtures.</summary>
internal sealed class CapturedFiles(string projectFolder, ModelNode model, string name)
{
    private const string Fixtures = "tests/fixtures";
    private const int MostBytes = 100;

    private readonly string _yaml = $"{Path.GetDirectoryName(model.Path)?.Replace('\\', '/')}/{name}.yml";

    public string Name => name;

    /// <summary>Whether a unit test whose files are written may have a name.</summary>
    public static bool CanBeCalled(string name) =>
        name.Length > 0 && Encoding.UTF8.GetByteCount(name) <= MostBytes && name.All(IsPlain);

    /// <summary>The name for a test of a model, which may be called more freely.</summary>
    public static string DefaultName(string model) =>
        $"{string.Concat(model.Select(c => IsPlain(c) ? c : '_'))}_captured";

    /// <summary>The paths of all files, relative to the project.</summary>
    public IEnumerable<string> Written(ImmutableArray<CapturedInput> inputs) =>
        [_yaml, .. inputs.Select(input => $"{Fixtures}/{FixtureOf(input)}.csv"), ExpectPath];

    public string? FindExisting(ImmutableArray<CapturedInput> inputs) =>
        Written(inputs).FirstOrDefault(path => File.Exists(Path.Combine(projectFolder, path)));

    /// <summary>From here on nothing is left of the files, and what was there before is, unless they are kept.</summary>
    public Undo Begin(ImmutableArray<CapturedInput> inputs) =>
        new([.. Written(inputs).Select(path => Path.Combine(projectFolder, path))]);

    public void WriteInputs(ImmutableArray<CapturedInput> inputs)
    {
        foreach (var input in inputs)
            Write(
                $"{Fixtures}/{FixtureOf(input)}.csv",
                FixtureCsv.Write(input.Rows, [.. Enumerable.Range(0, input.Rows.Columns.Length)])
            );
    }

    public void WriteExpected(string csv) => Write(ExpectPath, csv);

    /// <param name="now">What time it is in the test; null where that does not matter.</param>
    public void WriteYaml(ImmutableArray<CapturedInput> inputs, DateTimeOffset? now)
    {
        var yaml = new StringBuilder();
        yaml.Append("unit_tests:\n");
        yaml.Append($"  - name: {YamlText.Of(name)}\n    model: {YamlText.Of(model.Name)}\n");
        if (!inputs.IsEmpty)
            yaml.Append("    given:\n");
        foreach (var input in inputs)
            yaml.Append(
                $"      - input: {YamlText.Of(input.Reference)}\n        format: csv\n        fixture: {YamlText.Of(FixtureOf(input))}\n"
            );
        if (now is { } instant)
            yaml.Append(
                CultureInfo.InvariantCulture,
                $"    overrides: {{ now: \"{instant.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}\" }}\n"
            );
        yaml.Append($"    expect: {{ format: csv, fixture: {name}__expect }}\n");
        Write(_yaml, yaml.ToString());
    }

    private string ExpectPath => $"{Fixtures}/{name}__expect.csv";

    private string FixtureOf(CapturedInput input) =>
        input.Node is SourceNode source
            ? $"{name}__{FileName(source.SourceName)}__{FileName(source.Name)}"
            : $"{name}__{FileName(input.Node.Name)}";

    private static bool IsPlain(char c) => char.IsLetterOrDigit(c) || c is '_' or '-';

    // what no file can be called by, nowhere, stands as its number
    private static string FileName(string text) =>
        string.Concat(
            text.Select(c =>
                c < ' ' || "%/\\:*?\"<>|".Contains(c, StringComparison.Ordinal)
                    ? string.Create(CultureInfo.InvariantCulture, $"%{(int)c:X2}")
                    : c.ToString()
            )
        );

    private void Write(string path, string text)
    {
        var full = Path.Combine(projectFolder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full) ?? projectFolder);
        File.WriteAllText(full, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }

    /// <summary>Puts files back as they were.</summary>
    internal sealed class Undo(ImmutableArray<string> paths) : IDisposable
    {
        private readonly ImmutableArray<byte[]?> _before =
        [
            .. paths.Select(path => File.Exists(path) ? File.ReadAllBytes(path) : null),
        ];
        private bool _isKept;

        public void Keep() => _isKept = true;

        public void Dispose()
        {
            for (var i = 0; i < paths.Length && !_isKept; i++)
            {
                if (_before[i] is { } bytes)
                    File.WriteAllBytes(paths[i], bytes);
                else
                    File.Delete(paths[i]);
            }
        }
    }
}
