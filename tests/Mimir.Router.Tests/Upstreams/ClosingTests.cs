using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Router.Bridging;
using Mimir.Router.Model;
using Mimir.Router.State;
using Mimir.Router.Upstreams;

namespace Mimir.Router.Tests.Upstreams;

/// <summary>A wire that goes while calls are being sent over it.</summary>
public sealed class ClosingTests
{
    private const int Rounds = 20_000;
    private readonly ReportedEvents _events = new();

    [Fact]
    public async Task Call_WireGoesAtAnyMoment_EndsOnceAndIsOnlySaidToHaveRunIfItWasSent()
    {
        var random = new Random(1);
        for (var i = 0; i < Rounds; i++)
        {
            var wire = new Wire(_events);
            using var start = new Barrier(2);
            var spins = random.Next(60);
            var closer = Task.Run(() =>
            {
                start.SignalAndWait();
                Thread.SpinWait(spins);
                wire.Close("it broke");
            });
            var exchange = new TestExchange();
            start.SignalAndWait();
            Call(wire, exchange);
            await closer;

            Assert.Equal(1, exchange.Deliveries);
            Assert.Contains(wire.Posted > 0 ? "\"retryable\":false" : "\"retryable\":true", await exchange.End, StringComparison.Ordinal);
            Assert.Equal(0, wire.Pending.Count);
        }
    }

    [Fact]
    public async Task Call_WireGoesWhileItIsSent_IsGivenBackByWhoeverFindsThatItCannotBe()
    {
        var wire = new Wire(_events) { IsClosedByPost = true };
        var exchange = new TestExchange();

        Call(wire, exchange);

        Assert.Contains("\"retryable\":true", await exchange.End, StringComparison.Ordinal);
        Assert.Equal(1, exchange.Deliveries);
        Assert.Single(_events.Unsent);
        Assert.Equal(0, wire.Pending.Count);
    }

    [Fact]
    public async Task Call_ItCannotBeSentForAFault_IsNotKeptForEver()
    {
        var wire = new Wire(_events) { Fault = new OutOfMemoryException() };
        var exchange = new TestExchange();

        Assert.Throws<OutOfMemoryException>(() => Call(wire, exchange));
        wire.Sweep(long.MaxValue - 1);

        Assert.Equal(0, wire.Pending.Count);
        Assert.Contains("error", await exchange.End, StringComparison.Ordinal);
    }

    private static void Call(Wire wire, TestExchange exchange)
    {
        var frame = Encoding.UTF8.GetBytes("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"x\"}}");
        Assert.Equal(ScanStatus.Ok, EnvelopeScanner.Scan(frame, 64, out var envelope));
        var generation = exchange.Begin();
        exchange.CallerId.Set(envelope.Id.Of(frame));
        wire.Call(exchange, generation, frame, envelope, default);
    }

    /// <summary>Takes what is posted while it is open, and never answers.</summary>
    private sealed class Wire(ReportedEvents events) : UpstreamConnection(new ConnectionOrder
    {
        Server = House.Server("s"),
        Era = Era.Legacy,
        Profile = ClientProfile.Plain,
        Limits = new LimitsModel(),
        Events = events,
        Handshake = static (_, _) => Task.CompletedTask,
        Clock = new MonotonicClock(TimeProvider.System),
    })
    {
        private readonly Lock _gate = new();
        private bool _isGone;

        public int Posted { get; private set; }

        public bool IsClosedByPost { get; init; }

        public Exception? Fault { get; init; }

        public override ValueTask NotifyAsync(ReadOnlyMemory<byte> frame, McpMethod method) => ValueTask.CompletedTask;

        public override void Reply(ReadOnlySpan<byte> frame, in SpliceList splices, bool droppable = false)
        {
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

        protected override void Closing(string reason)
        {
            lock (_gate)
            {
                _isGone = true;
            }
        }

        protected override void Post(long id, Exchange exchange, ReadOnlySpan<byte> frame, in SpliceList splices, in Envelope envelope, in CallTarget target)
        {
            if (Fault is not null)
            {
                throw Fault;
            }

            if (IsClosedByPost)
            {
                Close("it broke");
            }

            lock (_gate)
            {
                if (!_isGone)
                {
                    Posted++;
                    return;
                }
            }

            Unsent(id, exchange, splices.Apply(frame), CloseReason);
        }

        protected override void Abandon(long id, Exchange exchange, ReadOnlySpan<byte> reason)
        {
        }
    }
}
