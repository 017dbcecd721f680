namespace Strata.Compiler.Project;

/// <summary>
/// Whether compiling the same files again, with the same request at another time, gives the same. It does not where a template
/// reads the clock or asks for chance. Shared between threads.
/// </summary>
internal sealed class Repeatability
{
    private volatile bool _isLost;

    public bool IsKept => !_isLost;

    public void Lose() => _isLost = true;
}
