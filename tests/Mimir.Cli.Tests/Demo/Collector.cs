using System.Collections.Concurrent;
using System.Threading.Channels;
using ModelContextProtocol;

namespace Mimir.Cli.Tests.Demo;

/// <summary>Keeps every progress value and lets a test wait for the Nth.</summary>
internal sealed class Collector : IProgress<ProgressNotificationValue>
{
    private readonly ConcurrentQueue<ProgressNotificationValue> _values = new();
    private readonly Channel<int> _arrived = Channel.CreateUnbounded<int>();

    public IReadOnlyCollection<ProgressNotificationValue> Values => _values;

    public void Report(ProgressNotificationValue value)
    {
        _values.Enqueue(value);
        _arrived.Writer.TryWrite(0);
    }

    public async Task WaitForAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await _arrived.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        }
    }
}
