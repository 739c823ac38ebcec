using System.Text;

namespace Mimir.Eras.Wire;

/// <summary>Collects the answers to a batch, and sends them as one.</summary>
internal sealed class BatchOutlet(IOutlet outlet, int expected) : IOutlet
{
    private readonly List<string> _answers = [];

    /// <inheritdoc/>
    public Task SendAsync(string json, bool final = false, int status = 200) =>
        final ? CollectAsync(json) : outlet.SendAsync(json);

    /// <inheritdoc/>
    public Task CloseAsync() => CollectAsync(null);

    private Task CollectAsync(string? answer)
    {
        string batch;
        lock (_answers)
        {
            if (answer is not null) _answers.Add(answer);
            if (--expected > 0) return Task.CompletedTask;
            batch = new StringBuilder("[").AppendJoin(',', _answers).Append(']').ToString();
        }

        return _answers.Count == 0 ? outlet.CloseAsync() : outlet.SendAsync(batch, final: true);
    }
}
