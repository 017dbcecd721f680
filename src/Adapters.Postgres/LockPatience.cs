using System.Globalization;

namespace Strata.Adapters.Postgres;

/// <summary>
/// How long the transactions of one adapter wait for a lock: shorter than <c>deadlock_timeout</c>, so that whoever waits for us is never
/// ended by the server because of us. Autovacuum alone gives way to those who wait longer than that, and to nobody else;
/// so once a lock was not to be had, and while autovacuum is at work on tables of the database, the next transactions wait longer.
/// </summary>
internal sealed class LockPatience
{
    /// <summary>What the server says when a lock is not to be had in time.</summary>
    public const string TimedOut = "55P03";

    private const int Milliseconds = 500;

    // an autovacuum worker is the only holder of such a lock that belongs to no user
    private static readonly string LongWait = $"""
        select setting::int + {Milliseconds} from pg_settings
        where name = 'deadlock_timeout' and exists (
          select 1 from pg_locks l join pg_stat_activity a on a.pid = l.pid
          where l.locktype = 'relation' and l.granted and l.mode = 'ShareUpdateExclusiveLock' and a.usesysid is null
            and l.database = (select oid from pg_database where datname = current_database())
        )
        """;

    private volatile bool _hasTimedOut;

    /// <summary>A transaction has waited in vain.</summary>
    public void Lose() => _hasTimedOut = true;

    /// <summary>The milliseconds that the next transaction waits; to be asked before it begins.</summary>
    public async Task<int> NextAsync(Session session, CancellationToken cancellationToken)
    {
        if (!_hasTimedOut)
            return Milliseconds;
        _hasTimedOut = false;
        var found = await session.QueryAsync(LongWait, 1, cancellationToken);
        return found.Rows.IsEmpty
            ? Milliseconds
            : Convert.ToInt32(found.Scalar, CultureInfo.InvariantCulture);
    }
}
