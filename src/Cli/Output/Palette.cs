namespace Strata.Cli.Output;

/// <summary>Colours, or none of them.</summary>
public sealed class Palette
{
    public static readonly Palette Off = new(false);
    public static readonly Palette On = new(true);

    private readonly bool _isOn;

    private Palette(bool isOn) => _isOn = isOn;

    public static Palette For(bool isOn) => isOn ? On : Off;

    public string Paint(string text, Tone tone)
    {
        if (!_isOn || tone == Tone.Plain || text.Length == 0)
            return text;
        var code = tone switch
        {
            Tone.Strong => "1",
            Tone.Quiet => "2",
            Tone.Good => "32",
            Tone.Warning => "33",
            Tone.Bad => "31",
            _ => "36",
        };
        return $"\e[{code}m{text}\e[0m";
    }
}
