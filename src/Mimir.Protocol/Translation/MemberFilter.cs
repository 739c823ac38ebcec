namespace Mimir.Protocol.Translation;

/// <summary>Leaves members of one object out of a <see cref="FrameEdit"/>, with the commas that they need no longer. Told of every member in turn.</summary>
internal struct MemberFilter
{
    private int _end;
    private int _cutFrom;

    /// <summary>True once a member stays.</summary>
    public bool HasMembers { get; private set; }

    /// <summary>True once a member goes.</summary>
    public bool HasDropped { get; private set; }

    /// <summary>The member stays. To be said before anything inside it is changed.</summary>
    public void Keep(scoped ref FrameEdit edit, scoped in JsonMembers member)
    {
        if (_cutFrom > 0)
        {
            edit.Remove(_cutFrom, member.Start);
            _cutFrom = 0;
        }

        HasMembers = true;
        _end = member.Value.End;
    }

    /// <summary>The member goes.</summary>
    public void Drop(scoped ref FrameEdit edit, scoped in JsonMembers member)
    {
        HasDropped = true;
        if (HasMembers)
        {
            edit.Remove(_end, member.Value.End);
        }
        else if (_cutFrom == 0)
        {
            _cutFrom = member.Start;
        }

        _end = member.Value.End;
    }

    /// <summary>There are no more members.</summary>
    public void Finish(scoped ref FrameEdit edit)
    {
        if (_cutFrom > 0)
        {
            edit.Remove(_cutFrom, _end);
            _cutFrom = 0;
        }
    }
}
