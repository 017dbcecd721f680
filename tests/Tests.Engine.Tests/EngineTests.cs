using Strata.Conformance.Expectations;

namespace Strata.Tests.Engine.Tests;

/// <summary>Tests of expectations on one engine, which is opened where a test asks for it.</summary>
public abstract class EngineTests : IDisposable
{
    private readonly Lazy<TestEngine> _engine;

    protected EngineTests() => _engine = new Lazy<TestEngine>(Open);

    protected abstract TestEngine Open();

    protected TestEngine Engine => _engine.Value;

    public void Dispose()
    {
        if (_engine.IsValueCreated)
            Engine.Dispose();
        GC.SuppressFinalize(this);
    }
}
