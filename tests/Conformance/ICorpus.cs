namespace Strata.Conformance;

/// <summary>A set of judged cases in a folder of its own.</summary>
public interface ICorpus
{
    /// <summary>The folder's name below the one that is given on the command line.</summary>
    string Folder { get; }

    /// <summary>Runs every case of the folder; a case that crashes or hangs has failed.</summary>
    IEnumerable<CaseResult> Run(string folder, CancellationToken cancellationToken);
}
