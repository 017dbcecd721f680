using System.Globalization;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;

namespace Strata.Runner.Adapters;

/// <summary>
/// Reads a connection's options by name and type. Every name asked for counts as known; <see cref="Finish"/>
/// reports the others.
/// </summary>
public sealed class ConnectionOptionReader(ConnectionConfig config, string engine, DiagnosticBag diagnostics)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private bool _failed;

    public string? Text(string option)
    {
        _known.Add(option);
        return config.Options.TryGetValue(option, out var value) && value.Length > 0 ? value : null;
    }

    public string Text(string option, string otherwise) => Text(option) ?? otherwise;

    /// <summary>The text of an option that must be there; empty, and reported, where it is not.</summary>
    public string Required(string option, string meaning)
    {
        if (Text(option) is { } value)
            return value;
        Fail(EngineDiagnostics.OptionMissing(config.Declaration, config.Name, option, meaning));
        return "";
    }

    public int Integer(string option, int otherwise, int least, int most = int.MaxValue)
    {
        if (Text(option) is not { } text)
            return otherwise;
        if (
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value >= least
            && value <= most
        )
            return value;
        var expected =
            most == int.MaxValue ? $"a whole number from {least}" : $"a whole number from {least} to {most}";
        Fail(EngineDiagnostics.OptionValue(config.Declaration, config.Name, option, Shown(text), expected));
        return otherwise;
    }

    public bool Flag(string option, bool otherwise)
    {
        if (Text(option) is not { } text)
            return otherwise;
        if (bool.TryParse(text, out var value))
            return value;
        Fail(
            EngineDiagnostics.OptionValue(
                config.Declaration,
                config.Name,
                option,
                Shown(text),
                "true or false"
            )
        );
        return otherwise;
    }

    public T OneOf<T>(string option, IReadOnlyDictionary<string, T> values, T otherwise)
    {
        if (Text(option) is not { } text)
            return otherwise;
        if (values.TryGetValue(text.ToLowerInvariant(), out var value))
            return value;
        var expected = $"one of {string.Join(", ", values.Keys)}";
        Fail(EngineDiagnostics.OptionValue(config.Declaration, config.Name, option, Shown(text), expected));
        return otherwise;
    }

    /// <summary>Reports options that nobody asked for.</summary>
    /// <returns>Whether everything was in order.</returns>
    public bool Finish()
    {
        foreach (var option in config.Options.Keys.Where(key => !_known.Contains(key)))
            Fail(EngineDiagnostics.UnknownOption(config.Declaration, config.Name, engine, option, _known));
        return !_failed;
    }

    private string Shown(string value) => config.Secrets.Contains(value) ? "***" : value;

    private void Fail(Diagnostic diagnostic)
    {
        diagnostics.Add(diagnostic);
        _failed = true;
    }
}
