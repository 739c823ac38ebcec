using System.Buffers.Text;
using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Router.State;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Calls;

namespace Mimir.Router.Sessions;

/// <summary>
/// Brings servers' questions to one client, and its answers, progress and task news back to the server that asked and no other.
/// </summary>
/// <remarks>
/// Ids and progress tokens of several servers can be equal, so the client sees one number of ours for both. While a question is open
/// the calls that may wait for its answer are held; see <see cref="PendingTable.Hold"/>. Thread-safe.
/// </remarks>
internal sealed class Asking(ClientSession session)
{
    private readonly OpenQuestions _open = new();

    /// <summary>Brings a question to the client.</summary>
    /// <param name="connection">Who asks.</param>
    /// <param name="frame">The question.</param>
    /// <param name="envelope">Its envelope.</param>
    /// <param name="related">The client's call on whose response stream it came, or null.</param>
    /// <param name="newest">The newest call the client has open there, or null.</param>
    /// <param name="count">How many it has open there.</param>
    /// <returns>False when it cannot be brought.</returns>
    public bool TryAsk(UpstreamConnection connection, ReadOnlySpan<byte> frame, in Envelope envelope, OpenCall? related, OpenCall? newest, int count)
    {
        var way = related ?? (count == 1 ? newest : null);
        var call = related ?? (envelope.Method is McpMethod.Elicit or McpMethod.CreateMessage && !envelope.RelatedTask.Exists ? way : null);
        if (_open.Add(connection, frame, envelope, call, related is not null) is not { } question)
        {
            return false;
        }

        if (!connection.IsOpen)
        {
            // It may have gone before the question stood where its going is told.
            _open.Take(question.Number);
            return true;
        }

        Span<byte> number = stackalloc byte[20];
        Utf8Formatter.TryFormat(question.Number, number, out var length);
        scoped SpliceList splices = default;
        splices.Replace(envelope.Id, number[..length]);
        if (envelope.ProgressToken.Exists)
        {
            splices.Replace(envelope.ProgressToken, number[..length]);
        }

        connection.Pending.Hold(session, call?.Id ?? 0);
        if (way is { } stream && stream.Relate(frame, splices))
        {
            return true;
        }

        // The call may have ended, and have taken the question along: then everybody was told.
        if (!_open.Unbind(question) || session.Send(frame, splices, droppable: false) || (newest is { } last && last.Relate(frame, splices)))
        {
            return true;
        }

        _open.Take(question.Number);
        Release(question);
        return false;
    }

    /// <inheritdoc cref="Bridging.IAskedClient.AskAsync"/>
    public async Task<byte[]?> AskAsync(Exchange call, Func<long, byte[]> build, Func<byte[], bool> send, CancellationToken cancellationToken)
    {
        if (_open.Add(call) is not { Answered: { } answered } question)
        {
            return null;
        }

        var frame = build(question.Number);
        if (!send(frame) && !session.Send(frame, default, droppable: false))
        {
            _open.Take(question.Number);
            return null;
        }

        await using (cancellationToken.UnsafeRegister(static (waiting, token) => ((TaskCompletionSource<byte[]?>)waiting!).TrySetCanceled(token), answered).ConfigureAwait(false))
        {
            try
            {
                return await answered.Task.ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                if (_open.Take(question.Number) is not null)
                {
                    TellClient(question, "\"no longer needed\""u8);
                }

                throw;
            }
        }
    }

    /// <summary>Brings the client's answer back.</summary>
    /// <returns>False when nobody waits for it.</returns>
    public bool TakeAnswer(ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        if (!envelope.IdIsNumber || !TryNumber(envelope.Id.Of(frame), out var number) || _open.Take(number) is not { } question)
        {
            return false;
        }

        if (question.Connection is not { } asker)
        {
            question.Answered?.TrySetResult(frame.ToArray());
            return true;
        }

        if (envelope.TaskIsNested)
        {
            _open.NoteTask(TextOf(envelope.TaskId.Of(frame)), question);
        }

        Release(question);
        scoped SpliceList splices = default;
        splices.Replace(envelope.Id, question.Id);
        asker.Reply(frame, splices);
        return true;
    }

    /// <summary>Brings what the client reports on a question back, under the server's own token.</summary>
    public void TakeProgress(ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        if (!TryNumber(envelope.NotifiedToken.Of(frame), out var number) || _open.Find(number) is not { Token: { } token, Connection: { } asker })
        {
            return;
        }

        scoped SpliceList splices = default;
        splices.Replace(envelope.NotifiedToken, token);
        _ = asker.NotifyAsync(splices.Apply(frame), envelope.Method).AsTask();
    }

    /// <summary>Brings news of a task of the client to the server it was made for.</summary>
    public void TakeTaskStatus(ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        if (envelope.TaskId.Exists && _open.FindTask(TextOf(envelope.TaskId.Of(frame))) is { Connection: { } asker })
        {
            _ = asker.NotifyAsync(frame.ToArray(), envelope.Method).AsTask();
        }
    }

    /// <summary>Tells whether a server may ask this of the client's tasks: its own are its business, and a list shows all of them.</summary>
    public bool MayAsk(UpstreamConnection connection, ReadOnlySpan<byte> frame, in Envelope envelope) => envelope.Method switch
    {
        McpMethod.TasksList => _open.AllTasksAreFor(connection),
        McpMethod.TasksGet or McpMethod.TasksResult or McpMethod.TasksCancel =>
            envelope.TaskId.Exists && ReferenceEquals(_open.FindTask(TextOf(envelope.TaskId.Of(frame)))?.Connection, connection),
        _ => true,
    };

    /// <summary>A server withdraws its question: the client is told under the id it knows.</summary>
    /// <returns>False when the client was not asked it.</returns>
    public bool Withdraw(UpstreamConnection connection, ReadOnlySpan<byte> frame, in Envelope envelope)
    {
        if (!envelope.RequestId.Exists || _open.Take(connection, envelope.RequestId.Of(frame)) is not { } question)
        {
            return false;
        }

        Release(question);
        Span<byte> number = stackalloc byte[20];
        Utf8Formatter.TryFormat(question.Number, number, out var length);
        scoped SpliceList splices = default;
        splices.Replace(envelope.RequestId, number[..length]);
        if (question.Call is not { } call || !call.Relate(question.CallId, frame, splices))
        {
            session.Send(frame, splices, droppable: true);
        }

        return true;
    }

    /// <summary>A call has ended: so have its questions. Costs nothing while there is none.</summary>
    public void CallEnded(Exchange exchange)
    {
        if (_open.IsEmpty)
        {
            return;
        }

        foreach (var question in _open.TakeOf(exchange))
        {
            TellClient(question, "\"its call has ended\""u8);
            question.Answered?.TrySetResult(null);
            if (question.Connection is { IsOpen: true } asker)
            {
                asker.Reply(new RouterError(ErrorCodes.CannotAsk, "The call this question belonged to has ended.").ToFrame(question.Id), default);
            }
        }
    }

    /// <summary>A connection is gone: nobody waits for the answers to its questions.</summary>
    public void ConnectionClosed(UpstreamConnection connection)
    {
        foreach (var question in _open.TakeOf(connection))
        {
            TellClient(question, "\"the server has gone\""u8);
        }
    }

    /// <summary>Asks nothing more.</summary>
    /// <returns>What was not answered.</returns>
    public List<Question> Close() => _open.Close();

    private static bool TryNumber(ReadOnlySpan<byte> token, out long number) => Utf8Parser.TryParse(token, out number, out var used) && used == token.Length;

    private static string TextOf(ReadOnlySpan<byte> inside) => Encoding.UTF8.GetString(JsonText.Decode(inside));

    private void TellClient(Question question, ReadOnlySpan<byte> reason) =>
        session.Send(Cancellation.Build(question.Number, reason), default, droppable: true);

    private void Release(Question question)
    {
        if (question.Connection is { } asker && !_open.HasAny(asker, question.CallId))
        {
            asker.Pending.Release(session, question.CallId, asker.Order.Clock.Now);
        }
    }
}
