using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Sql;

namespace Strata.Compiler.Manifest.Building.Fingerprints;

/// <summary>
/// SHA-256 over named parts, each with its length, so that no two different lists give the same bytes. Beside it the hashes that earlier versions
/// made of the same parts, by which what they have built is known again: the oldest held the connection's name, and both held SQL with its comments.
/// </summary>
internal sealed class Fingerprint : IDisposable
{
    private readonly Parts _now = new();

    /// <summary>Null as long as all of them are the same, as they are for most nodes; so is the next one.</summary>
    private Parts? _withComments;
    private Parts? _former;
    private Versions _in = Versions.All;

    [Flags]
    private enum Versions
    {
        Now = 1,
        WithComments = 2,
        Former = 4,
        All = Now | WithComments | Former,
    }

    public Fingerprint Add(string name, string? value)
    {
        AddText(name);
        AddText(value ?? "\0");
        return this;
    }

    public Fingerprint Add(string name, IEnumerable<string> values)
    {
        AddText(name);
        var count = 0;
        foreach (var value in values)
        {
            AddText(value);
            count++;
        }
        AddLength(count);
        return this;
    }

    /// <summary>SQL with its references by node, so that it does not matter where these live.</summary>
    public Fingerprint Add(string name, CompiledSql? sql)
    {
        AddText(name);
        if (sql is null)
            return Add("none", "");
        var copied = 0;
        foreach (var reference in sql.References)
        {
            AddText(sql.Text.AsSpan(copied, reference.Span.Start - copied));
            AddText(reference.Kind.ToString());
            AddText(reference.NodeId);
            if (reference.IsWhole)
                AddText("whole");
            copied = reference.Span.End;
        }
        AddText(sql.Text.AsSpan(copied));
        return this;
    }

    /// <summary>A query by its code: its comments and white space were part of former hashes only.</summary>
    public Fingerprint AddCode(string name, CompiledSql? sql)
    {
        Enter(Versions.Now);
        Add(name, sql is null ? null : SqlCode.Of(sql));
        Enter(Versions.WithComments | Versions.Former);
        Add(name, sql);
        _in = Versions.All;
        return this;
    }

    /// <summary>Where a relation lives. The connection's name is a mere name: only the oldest hash holds it.</summary>
    public Fingerprint AddRelation(string connection, RelationName relation)
    {
        Enter(Versions.Now | Versions.WithComments);
        Add("relation", [relation.Schema, relation.Name]);
        Enter(Versions.Former);
        Add("relation", [connection, relation.Schema, relation.Name]);
        _in = Versions.All;
        return this;
    }

    /// <summary>A part that is itself a hash, and was another one in each version.</summary>
    public Fingerprint Add(string name, NodeFingerprint hash)
    {
        foreach (
            var (version, value) in new[]
            {
                (Versions.Now, hash.Now),
                (Versions.WithComments, hash.WithComments),
                (Versions.Former, hash.Former),
            }
        )
        {
            Enter(version);
            Add(name, [value]);
        }
        _in = Versions.All;
        return this;
    }

    /// <summary>A part that is several hashes, and had others in the oldest version.</summary>
    public Fingerprint Add(string name, IEnumerable<string> now, IEnumerable<string> former)
    {
        Enter(Versions.Now | Versions.WithComments);
        Add(name, now);
        Enter(Versions.Former);
        Add(name, former);
        _in = Versions.All;
        return this;
    }

    public string Compute() => _now.Hash();

    public NodeFingerprint ComputeAll()
    {
        var now = _now.Hash();
        return new(now, _withComments?.Hash() ?? now, _former?.Hash() ?? now);
    }

    public void Dispose()
    {
        _now.Dispose();
        _withComments?.Dispose();
        _former?.Dispose();
    }

    /// <summary>What is added next goes into some of the hashes only: from here on they differ.</summary>
    private void Enter(Versions some)
    {
        _withComments ??= _now.Copy();
        _former ??= _now.Copy();
        _in = some;
    }

    private void AddText(ReadOnlySpan<char> text)
    {
        if (_in.HasFlag(Versions.Now))
            _now.AddText(text);
        if (_in.HasFlag(Versions.WithComments))
            _withComments?.AddText(text);
        if (_in.HasFlag(Versions.Former))
            _former?.AddText(text);
    }

    private void AddLength(int length)
    {
        if (_in.HasFlag(Versions.Now))
            _now.AddLength(length);
        if (_in.HasFlag(Versions.WithComments))
            _withComments?.AddLength(length);
        if (_in.HasFlag(Versions.Former))
            _former?.AddLength(length);
    }

    /// <summary>What is hashed, in one piece: a project has ten thousands of nodes, and most of them are short.</summary>
    private sealed class Parts : IDisposable
    {
        private byte[] _bytes = ArrayPool<byte>.Shared.Rent(1024);
        private int _length;

        public void AddText(ReadOnlySpan<char> text)
        {
            var length = Encoding.UTF8.GetByteCount(text);
            AddLength(length);
            Encoding.UTF8.GetBytes(text, Take(length));
        }

        public void AddLength(int length) => BinaryPrimitives.WriteInt32LittleEndian(Take(4), length);

        public Parts Copy()
        {
            var copy = new Parts();
            _bytes.AsSpan(0, _length).CopyTo(copy.Take(_length));
            return copy;
        }

        public string Hash() => Convert.ToHexStringLower(SHA256.HashData(_bytes.AsSpan(0, _length)));

        public void Dispose()
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }

        private Span<byte> Take(int length)
        {
            if (_length + length > _bytes.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, _length + length));
                _bytes.AsSpan(0, _length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_bytes);
                _bytes = larger;
            }
            _length += length;
            return _bytes.AsSpan(_length - length, length);
        }
    }
}
