//! The operations that put the items of a list into their places.

use super::steps::{Step, Steps};
use super::window::{Origin, Window};

/// Returns the operations that remove, move and add items; afterwards, every item is at its final index.
pub fn place<'a>(window: &Window<'a>, origins: &[Origin]) -> Steps<'a> {
    let at = |index: usize| format!("/{}", window.start + index);
    let mut steps = Steps::default();
    let mut list = Vec::new();
    let is_used = used(window.old.len(), origins);
    for (old, is_used) in is_used.into_iter().enumerate().rev() {
        if is_used {
            list.push(old);
        } else {
            steps.push(Step::remove(at(old)));
        }
    }
    list.reverse();
    for (from, to) in moves(list, origins) {
        steps.push(Step::r#move(at(from), at(to)));
    }
    for (index, (origin, item)) in origins.iter().zip(&window.new).enumerate() {
        if *origin == Origin::New {
            steps.push(Step::add(at(index), item.value, item.bytes));
        }
    }
    steps
}

fn used(length: usize, origins: &[Origin]) -> Vec<bool> {
    let mut used = vec![false; length];
    for origin in origins {
        if let Origin::Kept(old) | Origin::Moved(old) = origin {
            used.get_mut(*old).into_iter().for_each(|used| *used = true);
        }
    }
    used
}

/// Returns the moves, as indexes before and after each of them. `list` contains the items that are not removed.
///
/// Kept items and those that were moved already are in the order of the new list. A moved item is put directly behind the last of
/// them that precedes it there.
fn moves(mut list: Vec<usize>, origins: &[Origin]) -> Vec<(usize, usize)> {
    let mut moves = Vec::new();
    let mut previous: Option<usize> = None;
    if !origins.iter().any(|origin| matches!(origin, Origin::Moved(_))) {
        return moves;
    }
    for origin in origins {
        match origin {
            Origin::Kept(old) => previous = Some(*old),
            Origin::Moved(old) => {
                let index = |list: &[usize], item: usize| list.iter().position(|other| *other == item);
                let Some(from) = index(&list, *old) else { continue };
                list.remove(from);
                let to = previous.and_then(|item| index(&list, item)).map_or(0, |index| index + 1);
                list.insert(to, *old);
                if from != to {
                    moves.push((from, to));
                }
                previous = Some(*old);
            }
            Origin::New => {}
        }
    }
    moves
}
