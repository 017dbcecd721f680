using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Strata.Cli.Output;
using Strata.Compiler.Manifest;

namespace Strata.Cli.Docs;

/// <summary>
/// Values of the environment that a page which is passed on must not hold. Those of secrets never; others, which are also names of schemas
/// and such, not in the SQL of whoever asks for them.
/// </summary>
internal sealed partial class DocsSecrets
{
    private const string Call = "env_var";

    private readonly Redactor _inSql = new();

    /// <param name="read">The variables that were read while the project was compiled.</param>
    public DocsSecrets(
        ImmutableArray<string> read,
        IReadOnlyDictionary<string, string> environment,
        ProjectManifest manifest
    )
    {
        _inSql.Add(Values(read, environment));
        // of the secrets of connections it is decided elsewhere: a password that is also the name of the user hides nothing
        var known = manifest.Connections.Values.SelectMany(connection => connection.Secrets).ToHashSet();
        Everywhere =
        [
            .. Values(read.Where(name => Secret().IsMatch(name)), environment)
                .Where(value => !known.Contains(value)),
        ];
    }

    /// <summary>Values of variables whose names say that they are secrets.</summary>
    public ImmutableArray<string> Everywhere { get; }

    /// <summary>The compiled SQL of a model, without what it took from the environment.</summary>
    public string Mask(ProjectManifest manifest, ModelNode model, string sql) =>
        Asks(manifest, model) ? _inSql.Redact(sql) : sql;

    private static bool Asks(ProjectManifest manifest, ModelNode model) =>
        model
            .Macros.Select(name => manifest.Macros.GetValueOrDefault(name)?.Definition.Text)
            .Concat(model.Included.Values.Select(file => file.Text))
            .Prepend(model.Source.Text)
            .Any(text => text?.Contains(Call, StringComparison.Ordinal) == true);

    private static ImmutableArray<string> Values(
        IEnumerable<string> names,
        IReadOnlyDictionary<string, string> environment
    ) => [.. names.Select(name => environment.GetValueOrDefault(name)).OfType<string>()];

    [GeneratedRegex(
        "password|passwd|pwd|secret|token|api_?key|private_?key|credential",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Secret();
}
