namespace Strata.Compiler.Manifest;

/// <summary>How long the versions that a publish replaces are kept, so that a rollback can bring them back.</summary>
/// <param name="Runs">Of how many of the last runs that published something; 0 keeps nothing.</param>
/// <param name="Days">For how many days at most.</param>
public sealed record RetentionConfig(int Runs, int Days)
{
    public static readonly RetentionConfig Default = new(3, 7);

    public bool Keeps => Runs > 0 && Days > 0;
}
