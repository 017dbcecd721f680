namespace Strata.Compiler.Manifest.Sources;

/// <summary>How the characters of a file are written. A byte order mark is understood with all of them.</summary>
public enum FileEncoding
{
    Utf8,
    Utf16,
    Latin1,
    Windows1252,
}
