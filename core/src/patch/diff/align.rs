//! Aligns the items of two lists by the size of the operations that turn one into the other.

use super::estimate::Budget;
use super::window::{Origin, Window};
use std::ops::Range;

/// Largest table with the costs of all pairs of items, in cells.
const FULL: usize = 4_096;
/// For larger tables: how far from the diagonal items are paired.
const BAND: usize = 8;
/// Longest window in which items are moved. Each move is a search in the list.
const MOVES: usize = 4_000;
/// Most pairs of removed and added items that are compared to find those that were moved and changed.
const CHANGED_MOVES: usize = 1_024;

/// Returns where each item of the new list comes from.
pub fn align(window: &Window<'_>, with_moves: bool, budget: &Budget) -> Vec<Origin> {
    let (old, new) = (window.old.len(), window.new.len());
    let with_moves = with_moves && old.max(new) <= MOVES;
    let mut origins = vec![Origin::New; new];
    let mut keep = |pairs: Vec<(usize, usize)>| {
        for (old, new) in pairs {
            origins.get_mut(new).into_iter().for_each(|origin| *origin = Origin::Kept(old));
        }
    };
    if old * new <= FULL {
        keep(Table::filled(window, 0..old, 0..new, with_moves, budget).pairs());
    } else {
        let anchors = increasing(window.equal_pairs(0..old, 0..new));
        let (mut i, mut j) = (0, 0);
        for (a, b) in anchors.iter().copied().chain([(old, new)]) {
            keep(Table::filled(window, i..a, j..b, with_moves, budget).pairs());
            (i, j) = (a + 1, b + 1);
        }
        keep(anchors);
    }
    if with_moves {
        moves(window, &mut origins, budget);
    }
    origins
}

/// Returns a longest part of the pairs in which both positions rise.
fn increasing(mut pairs: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    pairs.sort_unstable_by_key(|(_, new)| *new);
    // ends[n]: last pair of the part of length n + 1 that ends earliest; before[k]: the pair in front of pair k.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    let old = |index: usize| pairs.get(index).map_or(0, |(old, _)| *old);
    for index in 0..pairs.len() {
        let length = ends.partition_point(|end| old(*end) < old(index));
        before.push(length.checked_sub(1).and_then(|last| ends.get(last).copied()));
        match ends.get_mut(length) {
            Some(end) => *end = index,
            None => ends.push(index),
        }
    }
    let last = ends.last().copied();
    let chain = std::iter::successors(last, |index| before.get(*index).copied().flatten());
    let mut found: Vec<(usize, usize)> = chain.filter_map(|index| pairs.get(index).copied()).collect();
    found.reverse();
    found
}

/// Turns removed and added items into moved ones where that is shorter.
fn moves(window: &Window<'_>, origins: &mut [Origin], budget: &Budget) {
    let mut is_free = vec![true; window.old.len()];
    for origin in origins.iter() {
        if let Origin::Kept(old) = origin {
            is_free.get_mut(*old).into_iter().for_each(|free| *free = false);
        }
    }
    let removed = |is_free: &[bool]| -> Vec<usize> {
        is_free.iter().enumerate().filter(|(_, free)| **free).map(|(old, _)| old).collect()
    };
    let added = |origins: &[Origin]| -> Vec<usize> {
        origins.iter().enumerate().filter(|(_, o)| **o == Origin::New).map(|(new, _)| new).collect()
    };
    let full = |old: usize, new: usize| window.remove_cost(old) + window.add_cost(new);
    let mut chosen = Vec::new();
    let equal = window.equal_pairs(removed(&is_free).into_iter(), added(origins).into_iter());
    chosen.extend(equal.into_iter().filter(|(old, new)| window.move_cost(*new) < full(*old, *new)));
    let take = |chosen: &[(usize, usize)], is_free: &mut [bool], origins: &mut [Origin]| {
        for (old, new) in chosen.iter().copied() {
            is_free.get_mut(old).into_iter().for_each(|free| *free = false);
            origins.get_mut(new).into_iter().for_each(|origin| *origin = Origin::Moved(old));
        }
    };
    take(&chosen, &mut is_free, origins);
    let (removed, added) = (removed(&is_free), added(origins));
    if removed.len() * added.len() > CHANGED_MOVES {
        return;
    }
    // The pairs that save most are taken first.
    let mut savings: Vec<(usize, usize, usize)> = Vec::new();
    for new in added {
        for old in removed.iter().copied() {
            let cost = window.move_cost(new) + window.change_cost(old, new, budget);
            if let Some(saved) = full(old, new).checked_sub(cost).filter(|saved| *saved > 0) {
                savings.push((saved, old, new));
            }
        }
    }
    savings.sort_unstable_by(|a, b| b.cmp(a));
    for (_, old, new) in savings {
        let free = is_free.get(old).copied().unwrap_or(false);
        if free && origins.get(new) == Some(&Origin::New) {
            take(&[(old, new)], &mut is_free, origins);
        }
    }
}

/// How a cell of the table is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Pair,
    Remove,
    Add,
}

/// Cell of a table: the cost of the operations up to it.
#[derive(Debug, Clone, Copy)]
struct Cell {
    cost: usize,
    way: Way,
}

const UNREACHED: Cell = Cell { cost: usize::MAX, way: Way::Remove };

/// Table of the cheapest alignments of the first items of two lists. A row belongs to a number of old items, a column to a
/// number of new ones; a large table has only the cells near its diagonal.
struct Table {
    old: Range<usize>,
    new: Range<usize>,
    /// First column and cells of each row.
    rows: Vec<(usize, Vec<Cell>)>,
}

impl Table {
    fn filled(
        window: &Window<'_>,
        old: Range<usize>,
        new: Range<usize>,
        with_moves: bool,
        budget: &Budget,
    ) -> Self {
        let (height, width) = (old.len(), new.len());
        let mut table = Self { old, new, rows: Vec::with_capacity(height + 1) };
        for row in 0..=height {
            let columns = table.columns(row, height, width);
            let first = columns.start;
            table.rows.push((first, Vec::with_capacity(columns.len())));
            for column in columns {
                let cell = table.cell(window, row, column, with_moves, budget);
                table.rows.last_mut().into_iter().for_each(|(_, cells)| cells.push(cell));
            }
        }
        table
    }

    /// Returns the columns of a row. Those of neighbouring rows overlap, so that the last cell is reached.
    fn columns(&self, row: usize, height: usize, width: usize) -> Range<usize> {
        if height * width <= FULL {
            return 0..width + 1;
        }
        let first = (row * width / height).saturating_sub(BAND);
        first..((row + 1) * width / height + BAND).min(width) + 1
    }

    fn get(&self, row: usize, column: usize) -> Cell {
        let cell = self.rows.get(row).and_then(|(first, cells)| cells.get(column.checked_sub(*first)?));
        cell.copied().unwrap_or(UNREACHED)
    }

    fn cell(
        &self,
        window: &Window<'_>,
        row: usize,
        column: usize,
        with_moves: bool,
        budget: &Budget,
    ) -> Cell {
        if row == 0 && column == 0 {
            return Cell { cost: 0, way: Way::Pair };
        }
        let mut best = UNREACHED;
        let mut offer = |cell: Option<Cell>, cost: usize, way: Way| {
            let cost = cell.map_or(usize::MAX, |cell| cell.cost.saturating_add(cost));
            if cost < best.cost {
                best = Cell { cost, way };
            }
        };
        let old = row.checked_sub(1).map(|row| self.old.start + row);
        let new = column.checked_sub(1).map(|column| self.new.start + column);
        let cheaper = |cost: usize, half: Option<usize>| {
            half.filter(|_| with_moves).map_or(cost, |half| half.min(cost))
        };
        if let (Some(old), Some(new)) = (old, new) {
            // An item that is moved cannot be made of another one.
            let change = if with_moves && window.are_movable(old, new) {
                None
            } else {
                Some(window.change_cost(old, new, budget))
            };
            offer(change.map(|_| self.get(row - 1, column - 1)), change.unwrap_or(0), Way::Pair);
        }
        if let Some(old) = old {
            let half = window.half_of_move(window.old.get(old), old);
            let cost = cheaper(window.remove_cost(old), half);
            offer(Some(self.get(row - 1, column)), cost, Way::Remove);
        }
        if let Some(new) = new {
            let half = window.half_of_move(window.new.get(new), new);
            let cost = cheaper(window.add_cost(new), half);
            offer(Some(self.get(row, column - 1)), cost, Way::Add);
        }
        best
    }

    /// Returns the pairs of the cheapest alignment.
    fn pairs(&self) -> Vec<(usize, usize)> {
        let (mut row, mut column) = (self.old.len(), self.new.len());
        let mut pairs = Vec::new();
        while row > 0 || column > 0 {
            match self.get(row, column).way {
                Way::Pair if row > 0 && column > 0 => {
                    (row, column) = (row - 1, column - 1);
                    pairs.push((self.old.start + row, self.new.start + column));
                }
                Way::Add if column > 0 => column -= 1,
                _ if row > 0 => row -= 1,
                _ => column -= 1,
            }
        }
        pairs
    }
}
